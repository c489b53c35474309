#include "common/result_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "common/bytes.hpp"
#include "common/hash.hpp"

namespace joust {
namespace {

constexpr std::uint8_t kVersion = 2;
constexpr std::uint8_t kVersionWithForfeits = 3;
constexpr std::uint8_t kVersionWithoutSeatCounters = 1;

void require_at_most(std::string_view what, std::size_t size, std::size_t limit) {
  if (size > limit) {
    throw std::length_error(
        fmt::format("the world's result has {} {}; the limit is {}", size, what, limit));
  }
}

void put_name(std::string& out, std::string_view name) {
  require_at_most("bytes in a name", name.size(), std::numeric_limits<std::uint8_t>::max());
  put_number(out, static_cast<std::uint8_t>(name.size()));
  out.append(name);
}

bool same_names(const std::vector<Counter>& a, const std::vector<Counter>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Counter& x, const Counter& y) { return x.name == y.name; });
}

// `before`: those of the seat before.
void put_seat_counters(std::string& out, const std::vector<Counter>& counters,
                       const std::vector<Counter>& before) {
  require_at_most("counters of a seat", counters.size(), kMostSeatCounters);
  const bool names_follow = !same_names(counters, before);
  put_number(out, static_cast<std::uint8_t>(names_follow));
  if (names_follow) {
    put_number(out, static_cast<std::uint16_t>(counters.size()));
    for (const Counter& counter : counters) put_name(out, counter.name);
  }
  for (const Counter& counter : counters) put_number(out, counter.value);
}

bool is_forfeit(const SeatResult& seat) { return !seat.forfeit.empty(); }

void put_forfeits(std::string& out, const std::vector<SeatResult>& seats) {
  for (const SeatResult& seat : seats) {
    const std::string_view kept = std::string_view(seat.forfeit).substr(0, kLongestForfeit);
    put_number(out, static_cast<std::uint16_t>(kept.size()));
    out.append(kept);
  }
}

std::string_view take_name(ByteReader& in) { return in.take(in.number<std::uint8_t>()); }

// The names of a seat's counters, as they lie in the encoding.
struct SeatCounterNames {
  std::uint16_t count = 0;
  std::string_view bytes;
  bool operator==(const SeatCounterNames&) const = default;
};

// False when they are malformed.
bool read_names(ByteReader& in, SeatCounterNames& names) {
  names.count = in.number<std::uint16_t>();
  if (names.count > kMostSeatCounters) return false;
  const std::string_view rest = in.rest();
  for (unsigned i = 0; i < names.count && in.ok(); ++i) take_name(in);
  names.bytes = rest.substr(0, rest.size() - in.rest().size());
  return in.ok();
}

template <class Visitor>
bool read_seat_counters(ByteReader& in, unsigned seats, Visitor& visitor) {
  SeatCounterNames names;
  for (unsigned seat = 0; seat < seats; ++seat) {
    const auto names_follow = in.number<std::uint8_t>();
    if (!in.ok() || names_follow > 1) return false;
    if (names_follow == 1) {
      const SeatCounterNames before = names;
      if (!read_names(in, names) || names == before) return false;
    }
    ByteReader name(names.bytes);
    for (unsigned i = 0; i < names.count && in.ok(); ++i) {
      visitor.seat_counter(seat, in.number<double>(), take_name(name));
    }
  }
  return in.ok();
}

// False when they are malformed; all of them empty have another encoding.
template <class Visitor>
bool read_forfeits(ByteReader& in, unsigned seats, Visitor& visitor) {
  bool any = false;
  for (unsigned seat = 0; seat < seats && in.ok(); ++seat) {
    const auto size = in.number<std::uint16_t>();
    const std::string_view text = in.take(size);
    if (size > kLongestForfeit) return false;
    if (size == 0) continue;
    any = true;
    visitor.forfeit(seat, text);
  }
  return any && in.ok();
}

// Reads a result and hands its parts to `visitor`; false when the bytes are malformed.
template <class Visitor>
bool read(std::string_view bytes, Visitor&& visitor) {
  ByteReader in(bytes);
  const auto version = in.number<std::uint8_t>();
  if (version < kVersionWithoutSeatCounters || version > kVersionWithForfeits) return false;
  const auto seats = in.number<std::uint16_t>();
  visitor.seats(seats);
  for (unsigned i = 0; i < seats && in.ok(); ++i) {
    const auto score = in.number<double>();
    visitor.seat(score, take_name(in));
  }
  if (!in.ok()) return false;
  if (version >= kVersion && !read_seat_counters(in, seats, visitor)) return false;
  if (version == kVersionWithForfeits && !read_forfeits(in, seats, visitor)) return false;
  const auto counters = in.number<std::uint16_t>();
  for (unsigned i = 0; i < counters && in.ok(); ++i) {
    const auto value = in.number<double>();
    visitor.counter(value, take_name(in));
  }
  visitor.payload(in.take(in.number<std::uint32_t>()));
  return in.complete();
}

struct Checker {
  ResultForm form;
  void seats(std::uint32_t seats) { form.seats = seats; }
  void forfeit(std::uint32_t seat, std::string_view) { form.forfeits.push_back(seat); }
  void seat(double, std::string_view) {}
  void seat_counter(unsigned, double, std::string_view) {}
  void counter(double, std::string_view) {}
  void payload(std::string_view) {}
};

struct Builder {
  WorldResult result;
  void seats(std::uint32_t) {}
  void seat(double score, std::string_view name) {
    result.seats.push_back({std::string(name), score});
  }
  void seat_counter(unsigned seat, double value, std::string_view name) {
    result.seats[seat].counters.push_back({std::string(name), value});
  }
  void forfeit(unsigned seat, std::string_view text) { result.seats[seat].forfeit = text; }
  void counter(double value, std::string_view name) {
    result.counters.push_back({std::string(name), value});
  }
  void payload(std::string_view bytes) { result.payload = bytes; }
};

}  // namespace

void encode_result(const WorldResult& result, std::string& out) {
  constexpr std::size_t kMaxCount = std::numeric_limits<std::uint16_t>::max();
  require_at_most("seats", result.seats.size(), kMaxCount);
  require_at_most("counters", result.counters.size(), kMaxCount);
  require_at_most("bytes of payload", result.payload.size(),
                  std::numeric_limits<std::uint32_t>::max());
  const bool forfeits = std::any_of(result.seats.begin(), result.seats.end(), is_forfeit);
  put_number(out, forfeits ? kVersionWithForfeits : kVersion);
  put_number(out, static_cast<std::uint16_t>(result.seats.size()));
  for (const SeatResult& seat : result.seats) {
    put_number(out, seat.score);
    put_name(out, seat.agent_name);
  }
  const std::vector<Counter> none;
  const std::vector<Counter>* before = &none;
  for (const SeatResult& seat : result.seats) {
    put_seat_counters(out, seat.counters, *before);
    before = &seat.counters;
  }
  if (forfeits) put_forfeits(out, result.seats);
  put_number(out, static_cast<std::uint16_t>(result.counters.size()));
  for (const Counter& counter : result.counters) {
    put_number(out, counter.value);
    put_name(out, counter.name);
  }
  put_number(out, static_cast<std::uint32_t>(result.payload.size()));
  out.append(result.payload);
}

std::optional<WorldResult> decode_result(std::string_view bytes) {
  Builder builder;
  if (!read(bytes, builder)) return std::nullopt;
  return std::move(builder.result);
}

std::optional<ResultForm> check_result(std::string_view bytes) {
  Checker checker;
  if (!read(bytes, checker)) return std::nullopt;
  return std::move(checker.form);
}

bool has_forfeits(std::string_view bytes) {
  return !bytes.empty() && static_cast<std::uint8_t>(bytes.front()) == kVersionWithForfeits;
}

std::uint64_t hash_without_seat_counters(std::string_view bytes) {
  std::optional<WorldResult> result = decode_result(bytes);
  if (!result) return 0;
  for (SeatResult& seat : result->seats) seat.counters.clear();
  std::string plain;
  encode_result(*result, plain);
  return hash_bytes(plain);
}

bool is_same_result(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const bool same_version = !a.empty() && !b.empty() && a.front() == b.front();
  return !same_version && hash_without_seat_counters(a) == hash_without_seat_counters(b);
}

}  // namespace joust
