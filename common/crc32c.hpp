#pragma once
// CRC-32C (Castagnoli polynomial, as in RFC 3720), with the processor's instruction where it has
// one.

#include <cstddef>
#include <cstdint>

namespace joust {

// Continues `crc` (0 to begin) over `size` bytes. Thread safe.
std::uint32_t crc32c(std::uint32_t crc, const void* bytes, std::size_t size);

}  // namespace joust
