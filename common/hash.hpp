#pragma once
// Stable hashes: the same bytes give the same value on every machine and in every version of joust.
// Seeds, run ids and the identity of a spec depend on it. They are not cryptographic.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace joust {

// XXH64 (seed 0) over the numbers as consecutive little-endian 64-bit words.
std::uint64_t hash_numbers(std::initializer_list<std::uint64_t> numbers);

// XXH64 (seed 0) over the bytes.
std::uint64_t hash_bytes(std::string_view bytes);

// XXH3-64 over the bytes with that seed: the checksum of rows and records.
std::uint64_t checksum(std::uint64_t seed, std::string_view bytes);

// XXH3-128 (seed 0) over the bytes, as 32 lower-case hex digits.
std::string hash_hex(std::string_view bytes);

}  // namespace joust
