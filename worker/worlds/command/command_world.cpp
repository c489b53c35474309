#include "worker/worlds/command/one_shot_world.hpp"
#include "worker/worlds/command/persistent_world.hpp"
#include "worker/worlds/worlds.hpp"

namespace joust::worlds {
namespace {

std::unique_ptr<World> make(const WorldSetup& setup) {
  if (setup.command.one_shot) return std::make_unique<command::OneShotWorld>(setup);
  return std::make_unique<command::PersistentWorld>(setup);
}

}  // namespace

WorldType command_world() {
  WorldType type;
  type.name = "command";
  type.summary = "Any program, in any language: kind = \"command\" instead of a name.";
  type.min_seats = 1;
  type.max_seats = 64;
  type.default_seats = 2;
  type.is_open = true;
  type.make = make;
  return type;
}

}  // namespace joust::worlds
