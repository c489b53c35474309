#pragma once
// The [[competitor]] sections of a spec.

#include <vector>

#include "runner/spec/agent_plugins.hpp"
#include "runner/spec/section.hpp"

namespace joust::spec {

struct CompetitorList {
  std::vector<Competitor> competitors;
  std::vector<ResolvedKey> keys;
  Position last;  // where the last one begins
  std::vector<PluginPlace> plugins;
};

// `workers`: the values of [workers], for plugins. Throws SpecError.
CompetitorList load_competitors(const Document& document, const WorldType& world,
                                const Parameters& workers, const WorldRegistry& worlds,
                                InputFiles& files);

}  // namespace joust::spec
