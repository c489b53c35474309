#pragma once
// A world that is played by a program which is started for it alone and tells its scores on
// standard output.

#include "common/world.hpp"

namespace joust::worlds::command {

class OneShotWorld : public World {
 public:
  // The setup must outlive it. Throws SetupError when the command, the environment or score_regex
  // cannot be used.
  explicit OneShotWorld(const WorldSetup& setup);

  WorldResult play(const WorldTask& task, WorldContext& context) override;

 private:
  const WorldSetup& setup_;
};

}  // namespace joust::worlds::command
