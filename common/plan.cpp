#include "common/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <utility>

#include "common/hash.hpp"

namespace joust {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t kMostWorlds = (std::uint64_t{1} << 62) - 1;

// C(n, k), or nothing when it exceeds kMostWorlds. The partial products are C(n, 1), C(n, 2), ...,
// which grow at least twofold each, so that the loop ends within 62 steps either way.
std::optional<std::uint64_t> binomial(std::uint64_t n, std::uint64_t k) {
  if (k > n) return 0;
  k = std::min(k, n - k);
  std::uint64_t result = 1;
  for (std::uint64_t i = 1; i <= k; ++i) {
    const Wide next = Wide{result} * (n - k + i) / i;
    if (next > kMostWorlds) return std::nullopt;
    result = static_cast<std::uint64_t>(next);
  }
  return result;
}

std::uint64_t multiply_mod(std::uint64_t a, std::uint64_t b, std::uint64_t modulus) {
  return static_cast<std::uint64_t>(Wide{a} * b % modulus);
}

// The number nearest to worlds * (sqrt(5)-1)/2 that has no common factor with worlds. The golden
// section is a 64-bit fixed-point fraction, so that the answer is the same on every machine.
std::uint64_t golden_stride(std::uint64_t worlds) {
  constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;
  const Wide product = Wide{worlds} * kGolden;
  std::uint64_t below = static_cast<std::uint64_t>(product >> 64);
  std::uint64_t above = below + 1;
  bool below_is_nearer = (static_cast<std::uint64_t>(product) >> 63) == 0;
  while (true) {
    const std::uint64_t candidate = below_is_nearer ? below-- : above++;
    if (std::gcd(candidate, worlds) == 1) return candidate;
    below_is_nearer = !below_is_nearer;
  }
}

// The x with value * x = 1 (mod modulus), by Euclid's extended algorithm. Its coefficients never
// exceed the modulus, which fits 62 bits.
std::uint64_t inverse_mod(std::uint64_t value, std::uint64_t modulus) {
  auto remainder = static_cast<std::int64_t>(modulus);
  auto next_remainder = static_cast<std::int64_t>(value % modulus);
  std::int64_t coefficient = 0;
  std::int64_t next_coefficient = 1;
  while (next_remainder != 0) {
    const std::int64_t quotient = remainder / next_remainder;
    remainder = std::exchange(next_remainder, remainder - quotient * next_remainder);
    coefficient = std::exchange(next_coefficient, coefficient - quotient * next_coefficient);
  }
  if (coefficient < 0) coefficient += static_cast<std::int64_t>(modulus);
  return static_cast<std::uint64_t>(coefficient) % modulus;
}

void check_counts(const PlanShape& shape) {
  const auto reject_zero = [](std::uint32_t count, const char* what) {
    if (count == 0) throw std::invalid_argument(fmt::format("the number of {} is 0", what));
  };
  reject_zero(shape.competitors, "competitors");
  reject_zero(shape.per_world, "competitors per world");
  reject_zero(shape.configs, "configurations");
  reject_zero(shape.runs, "runs");
  if (shape.per_world > shape.competitors) {
    throw std::invalid_argument(fmt::format("{} competitors per world, but there are only {}",
                                            shape.per_world, shape.competitors));
  }
}

[[noreturn]] void throw_too_many(const PlanShape& shape) {
  throw std::invalid_argument(
      fmt::format("too many worlds: C({}, {}) sets x {} configurations x {} rotations x {} runs do "
                  "not fit 62 bits",
                  shape.competitors, shape.per_world, shape.configs, shape.per_world, shape.runs));
}

std::uint64_t count_worlds(const PlanShape& shape, std::uint64_t sets) {
  std::uint64_t worlds = sets;
  for (const std::uint32_t factor : {shape.configs, shape.per_world, shape.runs}) {
    if (Wide{worlds} * factor > kMostWorlds) throw_too_many(shape);
    worlds *= factor;
  }
  return worlds;
}

}  // namespace

Plan::Plan(const PlanShape& shape) : shape_(shape) {
  check_counts(shape);
  const std::optional<std::uint64_t> sets = binomial(shape.competitors, shape.per_world);
  if (!sets) throw_too_many(shape);
  sets_ = *sets;
  worlds_ = count_worlds(shape, sets_);
  worlds_per_competitor_ =
      static_cast<std::uint64_t>(Wide{worlds_} * shape.per_world / shape.competitors);
  stride_ = golden_stride(worlds_);
  inverse_stride_ = inverse_mod(stride_, worlds_);
}

PlanCell Plan::cell(TaskIndex task) const {
  std::uint64_t number = multiply_mod(task, stride_, worlds_);
  const auto take = [&number](std::uint32_t base) {
    const auto digit = static_cast<std::uint32_t>(number % base);
    number /= base;
    return digit;
  };
  PlanCell cell;
  cell.run = take(shape_.runs);
  cell.rotation = take(shape_.per_world);
  cell.config = take(shape_.configs);
  cell.set = number;
  return cell;
}

TaskIndex Plan::task(const PlanCell& cell) const {
  const std::uint64_t number =
      ((cell.set * shape_.configs + cell.config) * shape_.per_world + cell.rotation) * shape_.runs +
      cell.run;
  return multiply_mod(number, inverse_stride_, worlds_);
}

void Plan::seats(const PlanCell& cell, std::vector<std::uint32_t>& seats) const {
  const std::uint32_t n = shape_.competitors;
  const std::uint32_t k = shape_.per_world;
  seats.resize(k);
  // Each member in turn: among the sets that continue what was chosen so far, those whose next
  // member is at least c number C(n - c, remaining), so the member is found by bisection.
  std::uint64_t rank = cell.set;
  std::uint32_t first = 0;
  for (std::uint32_t member = 0; member < k; ++member) {
    const std::uint32_t remaining = k - member;
    const auto sets_from = [n, remaining](std::uint32_t c) { return *binomial(n - c, remaining); };
    const std::uint64_t after = sets_from(first) - rank;  // this set and those behind it
    std::uint32_t low = first;
    std::uint32_t high = n - remaining;
    while (low < high) {
      const std::uint32_t middle = low + (high - low + 1) / 2;
      if (sets_from(middle) >= after) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    rank = sets_from(low) - after;
    seats[member] = low;
    first = low + 1;
  }
  std::rotate(seats.begin(), seats.begin() + cell.rotation, seats.end());
}

std::vector<std::uint64_t> Plan::worlds_here_by_competitor() const {
  if (shard().is_whole()) return std::vector(shape_.competitors, worlds_per_competitor_);
  std::vector<std::uint64_t> worlds(shape_.competitors);
  std::vector<std::uint32_t> members;
  for (std::uint64_t position = 0; position < worlds_here(); ++position) {
    seats(cell(shard().task(position)), members);
    for (const std::uint32_t member : members) ++worlds[member];
  }
  return worlds;
}

std::uint64_t Plan::config_seed(std::uint32_t config) const {
  return hash_numbers({shape_.seed, 1, config});
}

std::uint64_t Plan::world_seed(const PlanCell& cell) const {
  return hash_numbers({shape_.seed, 2, cell.config, cell.set, cell.rotation, cell.run});
}

std::string Plan::run_id(TaskIndex task) const {
  const std::size_t width = fmt::formatted_size("{}", worlds_ - 1);
  return fmt::format("{:0{}}_{:06x}", task, width, world_seed(cell(task)) & 0xFFFFFF);
}

}  // namespace joust
