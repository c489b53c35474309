#include "common/plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <random>
#include <set>
#include <stdexcept>
#include <tuple>

namespace joust {
namespace {

std::vector<std::uint32_t> seats_of(const Plan& plan, const PlanCell& cell) {
  std::vector<std::uint32_t> seats;
  plan.seats(cell, seats);
  return seats;
}

const std::vector<PlanShape>& some_shapes() {
  static const std::vector<PlanShape> shapes = {
      {1, 1, 1, 1, 0}, {2, 1, 1, 1, 0}, {2, 2, 1, 1, 1}, {3, 1, 1, 1, 9},  {4, 4, 3, 2, 7},
      {9, 3, 3, 1, 1}, {7, 2, 5, 3, 2}, {6, 5, 2, 4, 3}, {10, 9, 1, 7, 4}, {12, 6, 1, 1, 5},
  };
  return shapes;
}

std::string describe(const PlanShape& shape) {
  return "n=" + std::to_string(shape.competitors) + " k=" + std::to_string(shape.per_world) +
         " G=" + std::to_string(shape.configs) + " R=" + std::to_string(shape.runs);
}

TEST_CASE("nine competitors, three per world, three configurations make 756 worlds") {
  const Plan plan({9, 3, 3, 1, 0});
  CHECK(plan.sets() == 84);
  CHECK(plan.worlds() == 756);
  CHECK(plan.worlds_per_competitor() == 252);
  CHECK(plan.worlds() * plan.shape().per_world == 2268);  // seats
}

TEST_CASE("tasks and cells map onto each other one to one") {
  for (const PlanShape& shape : some_shapes()) {
    CAPTURE(describe(shape));
    const Plan plan(shape);
    std::set<std::tuple<std::uint64_t, std::uint32_t, std::uint32_t, std::uint32_t>> cells;
    for (TaskIndex task = 0; task < plan.worlds(); ++task) {
      const PlanCell cell = plan.cell(task);
      REQUIRE(plan.task(cell) == task);
      REQUIRE(cell.set < plan.sets());
      REQUIRE(cell.config < shape.configs);
      REQUIRE(cell.rotation < shape.per_world);
      REQUIRE(cell.run < shape.runs);
      cells.insert({cell.set, cell.config, cell.rotation, cell.run});
    }
    CHECK(cells.size() == plan.worlds());
  }
}

TEST_CASE("every set of competitors appears once, in lexicographic order of its rank") {
  for (const PlanShape& shape : some_shapes()) {
    CAPTURE(describe(shape));
    const Plan plan(shape);
    std::vector<std::uint32_t> expected(shape.per_world);
    std::iota(expected.begin(), expected.end(), 0U);
    for (std::uint64_t set = 0; set < plan.sets(); ++set) {
      CAPTURE(set);
      REQUIRE(seats_of(plan, {set, 0, 0, 0}) == expected);
      // the next combination by hand: raise the last member that can rise, reset those behind it
      const std::uint32_t k = shape.per_world;
      std::uint32_t i = k;
      while (i > 0 && expected[i - 1] == shape.competitors - k + i - 1) --i;
      if (i == 0) {
        CHECK(set + 1 == plan.sets());
        break;
      }
      ++expected[i - 1];
      for (std::uint32_t j = i; j < k; ++j) expected[j] = expected[j - 1] + 1;
    }
  }
}

TEST_CASE("seat j holds member (j + rotation) mod k, so that each member sits everywhere once") {
  const Plan plan({5, 3, 1, 1, 0});
  const std::uint64_t set = 4;  // 012 013 014 023 024
  CHECK(seats_of(plan, {set, 0, 0, 0}) == std::vector<std::uint32_t>{0, 2, 4});
  CHECK(seats_of(plan, {set, 0, 1, 0}) == std::vector<std::uint32_t>{2, 4, 0});
  CHECK(seats_of(plan, {set, 0, 2, 0}) == std::vector<std::uint32_t>{4, 0, 2});
}

TEST_CASE("every competitor plays as many worlds as announced") {
  for (const PlanShape& shape : some_shapes()) {
    CAPTURE(describe(shape));
    const Plan plan(shape);
    std::vector<std::uint64_t> played(shape.competitors);
    for (TaskIndex task = 0; task < plan.worlds(); ++task) {
      for (const std::uint32_t competitor : seats_of(plan, plan.cell(task))) ++played[competitor];
    }
    CHECK(played == std::vector<std::uint64_t>(shape.competitors, plan.worlds_per_competitor()));
  }
}

TEST_CASE("aligned prefixes hold every configuration, rotation and run equally often") {
  for (const PlanShape& shape : some_shapes()) {
    CAPTURE(describe(shape));
    const Plan plan(shape);
    const std::uint64_t block = std::uint64_t{shape.configs} * shape.per_world * shape.runs;
    std::vector<std::uint64_t> seen(block);
    for (TaskIndex task = 0; task < plan.worlds(); ++task) {
      const PlanCell cell = plan.cell(task);
      ++seen[(std::uint64_t{cell.config} * shape.per_world + cell.rotation) * shape.runs +
             cell.run];
      if ((task + 1) % block == 0) {
        CAPTURE(task);
        REQUIRE(seen == std::vector<std::uint64_t>(block, (task + 1) / block));
      }
    }
  }
}

// Over all prefixes of an order: (worlds of who played most) - (worlds of who played least).
struct Unevenness {
  double mean = 0;
  double most = 0;
};

template <class CellAt>
Unevenness measure(const Plan& plan, const CellAt& cell_at) {
  std::vector<std::int64_t> played(plan.shape().competitors);
  std::vector<std::uint32_t> seats;
  Unevenness result;
  for (TaskIndex i = 0; i < plan.worlds(); ++i) {
    plan.seats(cell_at(i), seats);
    for (const std::uint32_t competitor : seats) ++played[competitor];
    const auto [least, most] = std::minmax_element(played.begin(), played.end());
    const auto difference = static_cast<double>(*most - *least);
    result.mean += difference / static_cast<double>(plan.worlds());
    result.most = std::max(result.most, difference);
  }
  return result;
}

TEST_CASE("prefixes cover the competitors more evenly than random orders do") {
  for (const PlanShape& shape :
       {PlanShape{9, 3, 3, 1, 0}, PlanShape{9, 3, 10, 1, 0}, PlanShape{20, 2, 5, 2, 0},
        PlanShape{10, 4, 2, 1, 0}, PlanShape{30, 3, 1, 1, 0}, PlanShape{40, 3, 2, 1, 0}}) {
    CAPTURE(describe(shape));
    const Plan plan(shape);
    const Unevenness ours = measure(plan, [&](TaskIndex i) { return plan.cell(i); });
    CAPTURE(ours.mean);
    CAPTURE(ours.most);
    std::mt19937_64 engine(1);
    for (int trial = 0; trial < 5; ++trial) {
      CAPTURE(trial);
      std::vector<TaskIndex> order(plan.worlds());
      std::iota(order.begin(), order.end(), TaskIndex{0});
      std::shuffle(order.begin(), order.end(), engine);
      const Unevenness random = measure(plan, [&](TaskIndex i) { return plan.cell(order[i]); });
      CHECK(ours.mean < random.mean);
    }
    CHECK(ours.most <= 0.07 * static_cast<double>(plan.worlds_per_competitor()));
  }
}

// Computed with a separate implementation of XXH64 and of the stride.
TEST_CASE("the order of play, seeds and names of worlds never change between versions") {
  const Plan plan({9, 3, 3, 1, 42});
  CHECK(plan.config_seed(0) == 17555059684918151465U);
  CHECK(plan.config_seed(2) == 9302284260605850430U);
  CHECK(plan.world_seed({0, 0, 0, 0}) == 17291086330388554855U);
  CHECK(plan.world_seed({83, 2, 1, 0}) == 6323441604930404169U);
  CHECK(plan.task({0, 0, 0, 0}) == 0);
  CHECK(plan.task({51, 2, 2, 0}) == 1);
  CHECK(plan.run_id(0) == "000_6c2467");
  CHECK(plan.run_id(755) == "755_781314");
  CHECK(Plan({2, 1, 1, 1, 0}).run_id(1) == "1_db1eb6");
  CHECK(Plan({5, 2, 1, 1, 0}).run_id(3).starts_with("03_"));  // 20 worlds
  CHECK(Plan({5, 2, 1, 5, 0}).run_id(3).starts_with("03_"));  // 100 worlds, 0 to 99
}

TEST_CASE("no two worlds share a seed, and every configuration has its own") {
  const Plan plan({9, 3, 5, 4, 1});
  std::set<std::uint64_t> seeds;
  for (std::uint32_t config = 0; config < 5; ++config) seeds.insert(plan.config_seed(config));
  for (TaskIndex task = 0; task < plan.worlds(); ++task) {
    seeds.insert(plan.world_seed(plan.cell(task)));
  }
  CHECK(seeds.size() == plan.worlds() + 5);
  CHECK(Plan({9, 3, 5, 4, 2}).world_seed({0, 0, 0, 0}) != plan.world_seed({0, 0, 0, 0}));
}

TEST_CASE("a huge plan is made at once and maps both ways") {
  // 1e4 competitors in pairs; n near k; the most worlds that fit; a plan of one competitor
  for (const PlanShape& shape :
       {PlanShape{10000, 2, 1, 1, 0}, PlanShape{10000, 3, 5, 1, 0}, PlanShape{1000, 997, 2, 3, 0},
        PlanShape{60, 30, 1, 1, 0}, PlanShape{1, 1, 0xFFFFFFFF, 0x3FFFFFFF, 0}}) {
    CAPTURE(describe(shape));
    const auto start = std::chrono::steady_clock::now();
    const Plan plan(shape);
    const std::uint64_t step = plan.worlds() / 1000 + 1;
    for (TaskIndex task = 0; task < plan.worlds(); task += step) {
      const PlanCell cell = plan.cell(task);
      REQUIRE(plan.task(cell) == task);
      std::vector<std::uint32_t> seats = seats_of(plan, cell);
      std::sort(seats.begin(), seats.end());
      REQUIRE(std::adjacent_find(seats.begin(), seats.end()) == seats.end());
      REQUIRE(seats.back() < shape.competitors);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    CHECK(took.count() < 10);
    const std::vector<std::uint32_t> last = seats_of(plan, {plan.sets() - 1, 0, 0, 0});
    CHECK(last.back() == shape.competitors - 1);
    CHECK(last.front() == shape.competitors - shape.per_world);
  }
  CHECK(Plan({10000, 3, 1, 1, 0}).sets() == 166616670000);
  CHECK(Plan({60, 30, 1, 1, 0}).sets() == 118264581564861424);
}

std::string error_of(const PlanShape& shape) {
  try {
    const Plan plan(shape);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

TEST_CASE("a shape that makes no plan is refused with its numbers") {
  CHECK(error_of({0, 1, 1, 1, 0}) == "the number of competitors is 0");
  CHECK(error_of({1, 0, 1, 1, 0}) == "the number of competitors per world is 0");
  CHECK(error_of({1, 1, 0, 1, 0}) == "the number of configurations is 0");
  CHECK(error_of({1, 1, 1, 0, 0}) == "the number of runs is 0");
  CHECK(error_of({3, 4, 1, 1, 0}) == "4 competitors per world, but there are only 3");
  CHECK(error_of({100, 50, 1, 1, 0}) ==
        "too many worlds: C(100, 50) sets x 1 configurations x 50 rotations x 1 runs do not fit 62 "
        "bits");
  CHECK(error_of({4000000000, 2000000000, 1, 1, 0}).starts_with("too many worlds"));
  CHECK(error_of({1, 1, 0xFFFFFFFF, 0x40000001, 0}).starts_with("too many worlds"));
  CHECK(error_of({0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF, 1, 0}).starts_with("too many worlds"));
}

}  // namespace
}  // namespace joust
