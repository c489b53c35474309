#include "common/hash.hpp"

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>
#include <cstring>

namespace joust {

static_assert(std::endian::native == std::endian::little,
              "hash_numbers and the wire formats rely on little-endian words");

std::uint64_t hash_numbers(std::initializer_list<std::uint64_t> numbers) {
  return XXH64(numbers.begin(), numbers.size() * sizeof(std::uint64_t), 0);
}

std::uint64_t hash_bytes(std::string_view bytes) { return XXH64(bytes.data(), bytes.size(), 0); }

std::uint64_t checksum(std::uint64_t seed, std::string_view bytes) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::string hash_hex(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace joust
