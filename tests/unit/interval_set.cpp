#include "runner/core/interval_set.hpp"

#include <doctest/doctest.h>

#include <set>

#include "../support/sim_random.hpp"

using namespace joust;
using core::IntervalSet;

namespace {

std::size_t runs_of(const std::set<std::uint64_t>& values) {
  std::size_t runs = 0;
  for (const std::uint64_t value : values)
    if (value == 0 || !values.contains(value - 1)) ++runs;
  return runs;
}

std::uint64_t first_missing(const std::set<std::uint64_t>& values, std::uint64_t from) {
  while (values.contains(from)) ++from;
  return from;
}

}  // namespace

TEST_CASE("a set of intervals is a set, whatever is put into it in whatever order") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    sim::Random random(seed);
    const std::uint64_t range = random.between(1, 120);
    IntervalSet set;
    std::set<std::uint64_t> model;
    for (int step = 0; step < 150; ++step) {
      const std::uint64_t value = random.below(range);
      CAPTURE(value);
      REQUIRE(set.contains(value) == model.contains(value));
      REQUIRE(set.insert(value) == model.insert(value).second);
      REQUIRE(set.size() == model.size());
      REQUIRE(set.intervals() == runs_of(model));
      const std::uint64_t from = random.below(range + 2);
      CAPTURE(from);
      REQUIRE(set.first_missing(from) == first_missing(model, from));
      REQUIRE(set.contains(from) == model.contains(from));
    }
  }
}

TEST_CASE("tasks that finish nearly in order need a few intervals only") {
  IntervalSet set;
  for (std::uint64_t value = 0; value < 100'000; value += 2) {
    set.insert(value + 1);
    set.insert(value);
    REQUIRE(set.intervals() <= 2);
  }
  CHECK(set.size() == 100'000);
}
