#pragma once
// The worlds that this build of joust knows, by name.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/plugin_examiner.hpp"
#include "common/world.hpp"

namespace joust {

class WorldRegistry {
 public:
  // REQUIRES: the name is not registered yet (else std::logic_error).
  void add(WorldType type);

  // The type of that name, or null. Pointers stay valid as long as the registry lives.
  const WorldType* find(std::string_view name) const;

  // The type that makes the worlds of this setup, which is kPluginWorld where the world or a
  // competitor is a plugin; or null.
  const WorldType* maker_of(const WorldSetup& setup) const;

  const std::vector<std::unique_ptr<WorldType>>& types() const { return types_; }
  std::vector<std::string> names() const;

  // Who looks at plugins for whoever reads a spec; null: nobody, and no plugin can be named.
  void set_plugin_examiner(std::unique_ptr<PluginExaminer> examiner) {
    examiner_ = std::move(examiner);
  }
  const PluginExaminer* plugin_examiner() const { return examiner_.get(); }

 private:
  std::vector<std::unique_ptr<WorldType>> types_;
  std::unique_ptr<PluginExaminer> examiner_;
};

// The registered name of the type whose worlds, or whose competitors, are in shared libraries.
inline constexpr std::string_view kPluginWorld = "plugin";

// All native worlds. Declared here and defined with the worlds, so that the supervisor can list,
// check and (with --in-process) play them without including anything of the worker's.
WorldRegistry builtin_worlds();

// The type kPluginWorld (worker/worlds/plugin/README.md). It is none of the above because a program
// that is linked statically, as joust-worker is, cannot load a library.
WorldType plugin_world();

}  // namespace joust
