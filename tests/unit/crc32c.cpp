#include "common/crc32c.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "../support/sim_ring.hpp"

using namespace joust;

namespace {

// Bit by bit, as the definition has it.
std::uint32_t slow(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78U : 0);
  }
  return ~crc;
}

std::uint32_t of(const std::string& bytes) { return crc32c(0, bytes.data(), bytes.size()); }

}  // namespace

TEST_CASE("CRC-32C gives the values of RFC 3720") {
  std::string up(32, '\0');
  std::iota(up.begin(), up.end(), '\0');
  CHECK(of(std::string(32, '\0')) == 0x8A9136AAU);
  CHECK(of(std::string(32, '\xFF')) == 0x62A8AB43U);
  CHECK(of(up) == 0x46DD794EU);
  CHECK(of(std::string(up.rbegin(), up.rend())) == 0x113FDB5CU);
  CHECK(of("123456789") == 0xE3069283U);
  CHECK(of("") == 0U);
}

TEST_CASE(
    "CRC-32C agrees with its definition at every length and alignment, in one go and continued") {
  const std::string bytes = sim::pattern(1, 200);
  for (std::size_t from = 0; from < 9; ++from) {
    for (std::size_t size = 0; from + size <= bytes.size(); ++size) {
      CAPTURE(from);
      CAPTURE(size);
      const std::string_view part = std::string_view(bytes).substr(from, size);
      const std::uint32_t whole = crc32c(0, part.data(), part.size());
      REQUIRE(whole == slow(part));
      const std::size_t cut = size / 3;
      const std::uint32_t begun = crc32c(0, part.data(), cut);
      REQUIRE(crc32c(begun, part.data() + cut, size - cut) == whole);
    }
  }
}
