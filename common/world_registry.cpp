#include "common/world_registry.hpp"

#include <fmt/format.h>

namespace joust {

void WorldRegistry::add(WorldType type) {
  if (find(type.name) != nullptr) {
    throw std::logic_error(fmt::format("world '{}' is registered twice", type.name));
  }
  types_.push_back(std::make_unique<WorldType>(std::move(type)));
}

const WorldType* WorldRegistry::find(std::string_view name) const {
  for (const auto& type : types_) {
    if (type->name == name) return type.get();
  }
  return nullptr;
}

const WorldType* WorldRegistry::maker_of(const WorldSetup& setup) const {
  return find(setup.needs_plugins() ? kPluginWorld : std::string_view(setup.world));
}

std::vector<std::string> WorldRegistry::names() const {
  std::vector<std::string> names;
  for (const auto& type : types_) names.push_back(type->name);
  return names;
}

}  // namespace joust
