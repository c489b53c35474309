// Which processor each worker gets.

#include "runner/os/placement.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

namespace joust::os {
namespace {

using Numbers = std::vector<std::uint32_t>;

TEST_CASE("every core has one worker before any has two") {
  CHECK(spread({}).empty());
  CHECK(spread({{0, "0"}, {1, "1"}, {2, "2"}}) == Numbers{0, 1, 2});
  // numbered core by core, and thread by thread
  CHECK(spread({{0, "0-1"}, {1, "0-1"}, {2, "2-3"}, {3, "2-3"}}) == Numbers{0, 2, 1, 3});
  CHECK(spread({{0, "0,2"}, {1, "1,3"}, {2, "0,2"}, {3, "1,3"}}) == Numbers{0, 1, 2, 3});
  // joust may not run on all of them
  CHECK(spread({{1, "0-1"}, {6, "6-7"}, {7, "6-7"}}) == Numbers{1, 6, 7});
}

TEST_CASE("a slot has its place for ever, and slots beyond the processors share them") {
  PoolOptions options;
  options.pin = true;
  const Placement placement(options);
  cpu_set_t usable;
  CPU_ZERO(&usable);
  REQUIRE(::sched_getaffinity(0, sizeof(usable), &usable) == 0);
  const auto count = static_cast<SlotIndex>(CPU_COUNT(&usable));
  cpu_set_t given;
  CPU_ZERO(&given);
  for (SlotIndex slot = 0; slot < count; ++slot) {
    const auto place = placement.of(slot);
    REQUIRE(place.processors.has_value());
    CHECK(CPU_COUNT_S(sizeof(ProcessorSet), place.processors->data()) == 1);
    CPU_OR(&given, &given, &place.processors->front());
    const auto shared = placement.of(slot + count).processors;
    CHECK(CPU_EQUAL_S(sizeof(ProcessorSet), place.processors->data(), shared->data()));
  }
  CHECK(CPU_EQUAL(&given, &usable));
}

TEST_CASE("nothing is asked for by default") {
  const WorkerPlace place = Placement(PoolOptions()).of(3);
  CHECK_FALSE(place.processors.has_value());
  CHECK(place.nice == 0);
  CHECK(place.io_priority == 0);
}

TEST_CASE("a priority of input and output is what the kernel calls it") {
  const auto priority = [](const char* ionice) {
    PoolOptions options;
    options.ionice = ionice;
    return Placement(options).of(0).io_priority;
  };
  CHECK(priority("none") == 0);
  CHECK(priority("idle") == 3 << 13);
  CHECK(priority("best-effort:0") == 2 << 13);
  CHECK(priority("best-effort:7") == (2 << 13 | 7));
}

}  // namespace
}  // namespace joust::os
