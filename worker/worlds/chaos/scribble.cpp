// Finds the worker's writable half of the channel as any code in its process could: by looking at
// its own memory map. It knows nothing of the layout, which is the point.

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <fstream>
#include <span>
#include <stdexcept>

#include "common/bell.hpp"
#include "common/channel_layout.hpp"
#include "common/random.hpp"
#include "worker/worlds/chaos/misbehave.hpp"

namespace joust::worlds::chaos {
namespace {

constexpr std::uint64_t kGarbagePurpose = 0xBAD;

std::uintptr_t hex(std::string_view text) {
  std::uintptr_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number, 16);
  return number;
}

// A line of /proc/self/maps: "7f12-7f34 rw-s 00000000 00:01 42  /memfd:joust-worker (deleted)".
std::span<std::byte> own_channel() {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find("/memfd:joust-worker") == std::string::npos) continue;
    if (line.find(" rw-s ") == std::string::npos) continue;
    const std::string_view view = line;
    const std::size_t dash = view.find('-');
    const std::uintptr_t from = hex(view.substr(0, dash));
    const std::uintptr_t to = hex(view.substr(dash + 1, view.find(' ') - dash - 1));
    return {reinterpret_cast<std::byte*>(from), to - from};  // NOLINT(performance-no-int-to-ptr)
  }
  throw std::runtime_error(
      "garbage: this process has no channel to write into (no writable mapping of joust-worker)");
}

}  // namespace

void scribble_over_channel(std::uint64_t seed) {
  const std::span<std::byte> channel = own_channel();
  Rng random = make_rng(seed, kGarbagePurpose);
  for (std::size_t at = 0; at + sizeof(std::uint64_t) <= channel.size();
       at += sizeof(std::uint64_t)) {
    const std::uint64_t garbage = random();
    std::memcpy(channel.data() + at, &garbage, sizeof(garbage));
  }
  ring_bell(kResultBellFd);
  while (true) ::pause();
}

}  // namespace joust::worlds::chaos
