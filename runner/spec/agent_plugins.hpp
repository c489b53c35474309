#pragma once
// `plugin` at a [[competitor]]: the shared library that has its type.

#include <map>
#include <string>
#include <vector>

#include "common/world_registry.hpp"
#include "runner/spec/plugin_file.hpp"
#include "runner/spec/section.hpp"

namespace joust::spec {

KeyInfo agent_plugin_key();

// Whether the section names a library.
bool names_plugin(const Section& competitor);

struct AgentPlugin {
  std::string library;  // absolute
  std::vector<CompetitorType> types;
};

// The libraries that the competitors of one spec name. Each is looked at once.
class AgentPlugins {
 public:
  // `workers`: the values of [workers]. All that is given must outlive this.
  AgentPlugins(const Parameters& workers, const WorldRegistry& worlds, const WorldType& world,
               InputFiles& files)
      : workers_(workers), worlds_(worlds), world_(world), files_(files) {}

  // The one that a competitor names; adds to `into` the keys of that, with the hash of the file,
  // which decides results. `section` has the competitor's name in its prefix, `prefix` is the same
  // as text. Of a recorded run (files.recorded) all is as it was then, and the library is not
  // looked at. Throws SpecError.
  AgentPlugin load(const Section& section, const std::string& prefix, Resolved& into);

 private:
  void require_host(const Section& section) const;

  const Parameters& workers_;
  const WorldRegistry& worlds_;
  const WorldType& world_;
  InputFiles& files_;
  std::map<std::string, PluginFile> seen_;  // by the path that the spec gives
};

// A competitor that names a library, and where.
struct PluginPlace {
  std::size_t competitor = 0;
  Position at;
  std::string given;
};

// Lets the libraries make an agent of each such competitor. Throws SpecError.
void check_agent_plugins(const Document& document, const std::vector<PluginPlace>& places,
                         const Parameters& workers, const WorldRegistry& worlds,
                         const Tournament& tournament);

}  // namespace joust::spec
