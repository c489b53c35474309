#pragma once
// The worlds that this build of joust knows, by name.

#include <string>
#include <string_view>
#include <vector>

#include "common/world.hpp"

namespace joust {

class WorldRegistry {
 public:
  // REQUIRES: the name is not registered yet (else std::logic_error).
  void add(WorldType type);

  // The type of that name, or null. Pointers stay valid as long as the registry lives.
  const WorldType* find(std::string_view name) const;

  const std::vector<std::unique_ptr<WorldType>>& types() const { return types_; }
  std::vector<std::string> names() const;

 private:
  std::vector<std::unique_ptr<WorldType>> types_;
};

// All native worlds. Declared here and defined with the worlds, so that the supervisor can list,
// check and (with --in-process) play them without including anything of the worker's.
WorldRegistry builtin_worlds();

}  // namespace joust
