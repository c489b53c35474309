#pragma once
// What a worker does from its start to its end: attach, build the world, play one task after
// another.

#include "common/world_registry.hpp"
#include "worker/channel_client.hpp"

namespace joust::worker {

// Serves the channel until the supervisor asks to stop. Exceptions of a world become messages; the
// function throws only when the channel itself is broken.
void serve(ChannelClient& channel, const WorldRegistry& worlds);

}  // namespace joust::worker
