#pragma once
// What a [[competitor]] says of the process that it plays in.

#include <filesystem>
#include <string>
#include <vector>

#include "common/agent_setup.hpp"
#include "runner/spec/section.hpp"

namespace joust::spec {

// The keys of a competitor that are about its process, without `env`.
std::vector<KeyInfo> agent_keys();

// The names of all of them.
std::vector<std::string> agent_key_names();

// Whether the section names a program of its own, which needs no type.
bool has_own_program(const Section& section);

// Reads them; the keys of what is in effect go to `into`. `section` has the competitor's name in
// its prefix, `prefix` is the same as text. Throws SpecError where a key would have no effect, or
// the world cannot host such agents.
AgentSetup load_agent(const Section& section, const std::string& prefix, const WorldType& world,
                      InputFiles& files, Resolved& into);

// What [workers] says of isolated competitors, and the time that they have when they do not say so
// themselves. Throws SpecError where the world would be judged late before its agent is. REQUIRES:
// the tournament's shape and pool are known. `world`: the section [world].
void apply_pool(const Parameters& workers, const Section& world, Tournament& tournament);

// The paths of files that competitors' commands name, and of their libraries, that are not what was
// recorded.
std::vector<std::string> changed_agents(const std::vector<Competitor>& competitors,
                                        const std::filesystem::path& inputs);

}  // namespace joust::spec
