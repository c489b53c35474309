#include "common/shard.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "common/plan.hpp"
#include "runner/cli/shard_option.hpp"

namespace joust {
namespace {

TEST_CASE("every world belongs to exactly one shard, and shards differ by one world at most") {
  for (const std::uint64_t worlds : {1U, 2U, 7U, 96U, 97U, 756U, 1000U}) {
    for (const std::uint32_t count : {1U, 2U, 3U, 5U, 8U, 96U, 97U, 1200U}) {
      CAPTURE(worlds);
      CAPTURE(count);
      std::set<TaskIndex> seen;
      std::uint64_t least = worlds;
      std::uint64_t most = 0;
      for (std::uint32_t index = 1; index <= count; ++index) {
        const Shard shard{index, count};
        const std::uint64_t size = shard.size(worlds);
        least = std::min(least, size);
        most = std::max(most, size);
        for (std::uint64_t position = 0; position < size; ++position) {
          const TaskIndex task = shard.task(position);
          REQUIRE(task < worlds);
          REQUIRE(seen.insert(task).second);
          REQUIRE(shard.has(task));
          REQUIRE(shard.position(task) == position);
        }
        REQUIRE(shard.task(size) >= worlds);
      }
      CHECK(seen.size() == worlds);
      CHECK(most - least <= 1);
    }
  }
}

TEST_CASE("a shard's tasks ascend, one in each block, and no other shard has them") {
  const Shard third{3, 8};
  for (std::uint64_t position = 0; position < 1000; ++position) {
    const TaskIndex task = third.task(position);
    CHECK(task / 8 == position);
    for (std::uint32_t index = 1; index <= 8; ++index) {
      CHECK(Shard{index, 8}.has(task) == (index == 3));
    }
  }
}

TEST_CASE("the whole tournament is a shard that changes nothing") {
  const Shard whole;
  CHECK(whole.is_whole());
  CHECK(whole.size(756) == 756);
  for (const TaskIndex task : {0ULL, 1ULL, 755ULL, 1ULL << 61}) {
    CHECK(whole.task(task) == task);
    CHECK(whole.position(task) == task);
    CHECK(whole.has(task));
  }
}

// The figure in shard.hpp.
TEST_CASE("a shard meets all configurations where their number is a multiple of that of shards") {
  const Plan plan({.competitors = 20, .per_world = 2, .configs = 50, .runs = 1, .seed = 1});
  for (std::uint32_t index = 1; index <= 10; ++index) {
    const Shard shard{index, 10};
    std::map<std::uint32_t, double> met;
    const std::uint64_t size = shard.size(plan.worlds());
    for (std::uint64_t position = 0; position < size; ++position) {
      ++met[plan.cell(shard.task(position)).config];
    }
    CHECK(met.size() == 50);
    const double even = static_cast<double>(size) / 50;
    for (const auto& [config, times] : met) CHECK(times / even < 1.09);
  }
}

TEST_CASE("a shard's worlds are counted by competitor") {
  PlanShape shape{.competitors = 5, .per_world = 2, .configs = 7, .runs = 1, .seed = 3};
  std::vector<std::uint64_t> sum(5);
  for (std::uint32_t index = 1; index <= 3; ++index) {
    shape.shard = {index, 3};
    const Plan plan(shape);
    const auto worlds = plan.worlds_here_by_competitor();
    std::uint64_t seats = 0;
    for (std::size_t i = 0; i < 5; ++i) {
      sum[i] += worlds[i];
      seats += worlds[i];
    }
    CHECK(seats == plan.worlds_here() * 2);
  }
  shape.shard = {};
  CHECK(sum == Plan(shape).worlds_here_by_competitor());
}

TEST_CASE("shards are written as I/N") {
  CHECK(shard_text({3, 8}) == "3/8");
  CHECK(shard_from("3/8") == Shard{3, 8});
  CHECK(shard_from("1/1") == Shard{});
  CHECK(shard_from("1000000/1000000") == Shard{1'000'000, 1'000'000});
  for (const char* text : {"", "/", "3", "3/", "/8", "0/8", "9/8", "3/0", "-1/8", "+1/8", "1/ 8",
                           "1/8x", "1/1000001", "4294967297/8"}) {
    CAPTURE(text);
    CHECK_FALSE(shard_from(text).has_value());
  }
}

std::string refusal(const std::string& text, const machine::Environment& environment) {
  try {
    cli::parse_shard(text, environment);
    return "accepted";
  } catch (const cli::ShardError& error) {
    return error.what();
  }
}

TEST_CASE("auto/N takes the index from whoever started many of us") {
  std::map<std::string, std::string> variables;
  const machine::Environment environment = [&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
  CHECK(cli::parse_shard("2/4", environment) == Shard{2, 4});
  CHECK(refusal("auto/4", environment).find("none is set") != std::string::npos);
  variables = {{"CI_NODE_INDEX", "4"}};
  CHECK(cli::parse_shard("auto/4", environment) == Shard{4, 4});
  variables["JOB_COMPLETION_INDEX"] = "0";
  CHECK(cli::parse_shard("auto/4", environment) == Shard{1, 4});
  variables["SLURM_ARRAY_TASK_ID"] = "3";
  CHECK(cli::parse_shard("auto/4", environment) == Shard{3, 4});
  CHECK(cli::parse_shard("1/4", environment) == Shard{1, 4});

  for (const char* bad : {"0", "5", "", "-1", "x"}) {
    variables["SLURM_ARRAY_TASK_ID"] = bad;
    CHECK(refusal("auto/4", environment) ==
          "SLURM_ARRAY_TASK_ID is '" + std::string(bad) + "', not 1 to 4: start 4 of them");
  }
  variables = {{"JOB_COMPLETION_INDEX", "4"}};
  CHECK(refusal("auto/4", environment) ==
        "JOB_COMPLETION_INDEX is '4', not 0 to 3: start 4 of them");
  CHECK(refusal("auto/0", environment) == "'0' is no number of shards (1 to 1000000)");
  CHECK(refusal("auto/", environment) == "'' is no number of shards (1 to 1000000)");
  CHECK(refusal("auto", environment).starts_with("'auto' is no shard"));
}

}  // namespace
}  // namespace joust
