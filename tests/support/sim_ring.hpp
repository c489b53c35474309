#pragma once
// A ring's bytes and positions in this process's own memory, for tests that build any state by
// hand.

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "common/ring.hpp"

namespace joust::sim {

struct RingMemory {
  explicit RingMemory(std::size_t capacity) : bytes(capacity) {}
  RingWriter writer() { return {bytes, tail, head}; }
  RingReader reader() { return {bytes, head, tail}; }

  // Puts a header (and its payload) at a position, whatever it says.
  void forge(std::uint64_t position, const RecordHeader& header, std::string_view payload = {}) {
    std::byte* place = bytes.data() + position % bytes.size();
    std::memcpy(place, &header, sizeof(header));
    if (!payload.empty()) std::memcpy(place + sizeof(header), payload.data(), payload.size());
  }

  std::vector<std::byte> bytes;
  std::atomic<std::uint64_t> tail{0};
  std::atomic<std::uint64_t> head{0};
};

// A payload that differs from its neighbours and in each byte.
inline std::string pattern(std::uint64_t seed, std::size_t size) {
  std::string text(size, '\0');
  std::uint64_t state = seed * 0x9E3779B97F4A7C15ULL + 1;
  for (char& byte : text) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    byte = static_cast<char>(state >> 56);
  }
  return text;
}

}  // namespace joust::sim
