#pragma once
// The bytes of a world's result, as they travel through the channel and lie in the journal.
//
//   u8  version: 3 if a seat has forfeited, else 2
//   u16 number of seats, then for each: f64 score, u8 length + bytes of the agent's name
//   for each seat, its counters:
//       u8 1: u16 number of counters, then for each: u8 length + bytes of the name
//          0: the number and the names are those of the seat before (of no counters: before the
//             first seat)
//       then one f64 for each counter
//   version 3: for each seat u16 length + bytes of why it forfeited, at least one of them not empty
//   u16 number of counters, then for each: f64 value, u8 length + bytes of the name
//   u32 length + bytes of the payload
//
// So a name that all seats share is there once. A result has exactly one encoding: names that the
// seat before has are never repeated. Version 1, which is still read, has no counters of seats.
//
// Little-endian, no padding. A decoder trusts nothing: every length is checked, and trailing bytes
// are an error.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/world.hpp"

namespace joust {

// Appends the encoding (version 2 or 3) to `out`; of a forfeit's text the first kLongestForfeit
// bytes. Throws std::length_error, naming the field and its size, when a name is longer than 255
// bytes, there are more than 65535 seats or counters, a seat has more than kMostSeatCounters, or
// the payload exceeds 4 GiB.
void encode_result(const WorldResult& result, std::string& out);

// Nothing when the bytes are not exactly one encoded result.
std::optional<WorldResult> decode_result(std::string_view bytes);

// Whether two encodings are of the same result. What seats count is compared only where both can
// hold it: version 1 could not.
bool is_same_result(std::string_view a, std::string_view b);

// A hash of all but what seats count, so that results of both versions can be compared. 0 when the
// bytes are not exactly one encoded result.
std::uint64_t hash_without_seat_counters(std::string_view bytes);

// What a result says of its seats.
struct ResultForm {
  std::uint32_t seats = 0;
  std::vector<std::uint32_t> forfeits = {};  // the seats that have forfeited, ascending
};

// Checks like decode_result, without building the result; nothing when the bytes are not one.
std::optional<ResultForm> check_result(std::string_view bytes);

// Whether a seat has forfeited. REQUIRES: the bytes are an encoded result.
bool has_forfeits(std::string_view bytes);

}  // namespace joust
