#include "runner/journal/key_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace joust::journal {
namespace {

constexpr std::int64_t kLastKey = std::numeric_limits<std::int64_t>::max();
// A search takes a step of this share of the way that it has come: what can be read between two
// damaged pages is found when it is longer than that, and the last key of all in 1300 steps.
constexpr std::int64_t kStepShare = 32;
// About two seconds. Only a table in which many thousands of pages are damaged needs more, and then
// the rest of it counts as lost.
constexpr std::size_t kMostSeeks = 250'000;
constexpr std::size_t kGapsNamed = 5;

std::string gap_text(const Gap& gap) {
  if (!gap.last) return fmt::format("{} and all after it", gap.first);
  return gap.first == *gap.last ? std::to_string(gap.first)
                                : fmt::format("{} to {}", gap.first, *gap.last);
}

}  // namespace

std::string gaps_text(const std::vector<Gap>& gaps, std::string_view rows, std::string_view key) {
  std::uint64_t lost = 0;
  std::vector<std::string> named;
  for (const Gap& gap : gaps) {
    if (gap.last) lost += static_cast<std::uint64_t>(*gap.last - gap.first) + 1;
    if (named.size() < kGapsNamed) named.push_back(gap_text(gap));
  }
  if (gaps.size() > kGapsNamed) named.push_back(fmt::format("{} more", gaps.size() - kGapsNamed));
  return fmt::format("{}{} cannot be read: those of {} {}",
                     gaps.back().last ? fmt::format("up to {} ", lost) : "", rows, key,
                     fmt::join(named, ", "));
}

KeyScan::KeyScan(const Database& database, std::string_view sql, bool past_damage)
    : database_(database), rows_(database, sql), past_damage_(past_damage) {
  rows_.bind(1, next_);
}

bool KeyScan::step() {
  while (true) {
    Found found = advance();
    while (found == Found::damage) found = pass_damage();
    if (found == Found::end) return false;
    const std::int64_t key = rows_.integer(0);
    if (key < next_) continue;
    next_ = key == kLastKey ? key : key + 1;
    return true;
  }
}

KeyScan::Found KeyScan::seek(std::int64_t key) {
  ++seeks_;
  rows_.rewind();
  rows_.bind(1, key);
  return advance();
}

KeyScan::Found KeyScan::advance() {
  try {
    return rows_.step() ? Found::row : Found::end;
  } catch (const JournalError&) {
    if (!past_damage_ || !database_.found_damage()) throw;
    return Found::damage;
  }
}

// The keys of a damaged page follow one another, so the first key behind it is found by a search.
KeyScan::Found KeyScan::pass_damage() {
  const std::int64_t first = next_;
  std::int64_t damaged = first - 1;
  std::int64_t key = first;
  while (seek(key) == Found::damage) {
    damaged = key;
    const std::int64_t step = 1 + (key - first) / kStepShare;
    const bool is_hopeless = key > kLastKey - step || seeks_ > kMostSeeks;
    if (is_hopeless) {
      gaps_.push_back({first, std::nullopt});
      return Found::end;
    }
    key += step;
  }
  while (key - damaged > 1) {
    const std::int64_t middle = damaged + (key - damaged) / 2;
    (seek(middle) == Found::damage ? damaged : key) = middle;
  }
  if (key > first) gaps_.push_back({first, key - 1});
  next_ = key;
  return seek(key);
}

}  // namespace joust::journal
