#pragma once
// The keys of a spec that do not depend on the world. runner/spec/README.md describes them for
// people; a test keeps the two in step.

#include <vector>

#include "common/tournament.hpp"
#include "runner/spec/section.hpp"

namespace joust::spec {

inline constexpr std::uint32_t kMostWorkers = 1024;
inline constexpr std::size_t kMostCompetitors = 10'000;
inline constexpr std::uint32_t kMostNice = 19;

// [tournament]; `world` gives the default and the limits of competitors_per_world.
std::vector<KeyInfo> tournament_keys(const WorldType& world);

// [world] without its parameters: `kind`; `name`, which only kind = "native" has; `plugin`, which
// only kind = "plugin" has; those that only kind = "command" has, without `env`; and those of every
// kind.
KeyInfo kind_key();
KeyInfo name_key();
KeyInfo plugin_key();
std::vector<KeyInfo> command_keys();
std::vector<KeyInfo> world_keys();

// [workers] without `count`; and one of them by itself, for the command line.
std::vector<KeyInfo> worker_keys();
KeyInfo ionice_key();

// What a world or a competitor type declares, as keys that decide results.
std::vector<KeyInfo> parameter_keys(const std::vector<ParameterInfo>& declared);

// The metric of that name. REQUIRES: tournament_keys allows it.
Metric metric_from_name(std::string_view name);

// Puts the values of [tournament] (its deadline), [world] and [workers] where they belong.
void apply(const Parameters& tournament, const Parameters& world, const Parameters& workers,
           PoolOptions& pool);

}  // namespace joust::spec
