#include "common/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

namespace joust {
namespace {

__extension__ using Wide = unsigned __int128;

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::uint64_t kSecond = 1'000'000'000;
// Largest first, as format_duration tries them.
constexpr std::array<Unit, 7> kDurationUnits = {{{"d", 86400 * kSecond},
                                                 {"h", 3600 * kSecond},
                                                 {"m", 60 * kSecond},
                                                 {"s", kSecond},
                                                 {"ms", 1'000'000},
                                                 {"us", 1'000},
                                                 {"ns", 1}}};
constexpr std::array<Unit, 5> kBinaryUnits = {{{"TiB", std::uint64_t{1} << 40},
                                               {"GiB", std::uint64_t{1} << 30},
                                               {"MiB", std::uint64_t{1} << 20},
                                               {"KiB", std::uint64_t{1} << 10},
                                               {"B", 1}}};
constexpr std::array<Unit, 4> kDecimalUnits = {
    {{"GB", kSecond}, {"MB", 1'000'000}, {"KB", 1'000}, {"", 1}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `whole`.`fraction` times `factor`, exactly; nothing when that is no whole number or exceeds 64
// bits.
std::optional<std::uint64_t> scale(std::string_view whole, std::string_view fraction,
                                   std::uint64_t factor) {
  constexpr std::size_t kMostDigits = 24;  // 10^24 times the largest factor still fits 128 bits
  while (fraction.ends_with('0')) fraction.remove_suffix(1);
  while (whole.starts_with('0')) whole.remove_prefix(1);
  if (whole.size() + fraction.size() > kMostDigits) return std::nullopt;
  Wide value = 0;
  for (const char c : whole) value = value * 10 + static_cast<Wide>(c - '0');
  for (const char c : fraction) value = value * 10 + static_cast<Wide>(c - '0');
  value *= factor;
  for (std::size_t i = 0; i < fraction.size(); ++i) {
    if (value % 10 != 0) return std::nullopt;
    value /= 10;
  }
  if (value > std::numeric_limits<std::uint64_t>::max()) return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

// digits ["." digits] unit, the unit being one of those given.
std::optional<std::uint64_t> parse_quantity(std::string_view text,
                                            std::initializer_list<std::span<const Unit>> units) {
  const auto take_digits = [&text] {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits;
  };
  const std::string_view whole = take_digits();
  if (whole.empty()) return std::nullopt;
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits();
    if (fraction.empty()) return std::nullopt;
  }
  for (const auto& group : units) {
    for (const Unit& unit : group) {
      if (unit.name == text) return scale(whole, fraction, unit.factor);
    }
  }
  return std::nullopt;
}

// In the largest unit that divides the value; 0 is written in the unit named `zero`.
std::string format_quantity(std::uint64_t value, std::span<const Unit> units,
                            std::string_view zero) {
  if (value == 0) return fmt::format("0{}", zero);
  const auto unit = std::find_if(units.begin(), units.end(),
                                 [value](const Unit& u) { return value % u.factor == 0; });
  return fmt::format("{}{}", value / unit->factor, unit->name);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// Insertions, deletions, replacements and swaps of neighbours that turn one into the other.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

// A third of the letters may be wrong; or one name is a part of the other ("oneshot").
bool is_near(std::string_view a, std::string_view b, std::size_t distance) {
  constexpr std::size_t kShortestPart = 3;
  if (distance <= std::max<std::size_t>(1, std::max(a.size(), b.size()) / 3)) return true;
  if (std::min(a.size(), b.size()) < kShortestPart) return false;
  return a.find(b) != std::string_view::npos || b.find(a) != std::string_view::npos;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  const auto nanoseconds = parse_quantity(text, {kDurationUnits});
  if (!nanoseconds || *nanoseconds > static_cast<std::uint64_t>(Duration::max().count())) {
    return std::nullopt;
  }
  return Duration(static_cast<Duration::rep>(*nanoseconds));
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  return parse_quantity(text, {kBinaryUnits, kDecimalUnits});
}

std::string format_duration(Duration duration) {
  return format_quantity(static_cast<std::uint64_t>(duration.count()), kDurationUnits, "s");
}

std::string format_size(std::uint64_t bytes) { return format_quantity(bytes, kBinaryUnits, "B"); }

std::vector<std::string> nearest_names(std::string_view name,
                                       const std::vector<std::string>& candidates) {
  constexpr std::size_t kMost = 3;
  const std::string wanted = lower_case(name);
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& candidate : candidates) {
    const std::string lower = lower_case(candidate);
    const std::size_t distance = edit_distance(wanted, lower);
    if (is_near(wanted, lower, distance)) near.emplace_back(distance, candidate);
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  for (auto& [distance, candidate] : near) {
    if (names.size() < kMost) names.push_back(std::move(candidate));
  }
  return names;
}

}  // namespace joust
