#pragma once
// The deeds of the chaos world. Most of them do not return.

#include "worker/worlds/chaos/script.hpp"

namespace joust::worlds::chaos {

// Does what the entry says. Returns from sleep, spin with a duration, stop once it is continued,
// leak, print and stray. REQUIRES: the process has one thread (stray forks), and the action is not
// `result`.
void misbehave(const Entry& entry, const WorldTask& task);

// Writes garbage over the worker's own half of its channel: the words in front and the ring. Then
// rings the supervisor's bell and waits to be killed. Throws when this process has no channel.
[[noreturn]] void scribble_over_channel(std::uint64_t seed);

}  // namespace joust::worlds::chaos
