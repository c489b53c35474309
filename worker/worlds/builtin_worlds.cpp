#include "common/world_registry.hpp"
#include "worker/worlds/worlds.hpp"

namespace joust {

WorldRegistry builtin_worlds() {
  WorldRegistry registry;
  registry.add(worlds::scml_oneshot_world());
  registry.add(worlds::scml_standard_world());
  registry.add(worlds::prisoners_dilemma_world());
  registry.add(worlds::command_world());
  registry.add(worlds::chaos_world());
  registry.add(worlds::noop_world());
  return registry;
}

}  // namespace joust
