#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>

#include "common/tournament.hpp"

namespace joust {
namespace {

WorkerBrief sample() {
  WorkerBrief brief;
  brief.shape = {9, 3, 5, 2, 0x7FFFFFFFFFFFFFFF};
  brief.setup.world = "scml-oneshot";
  brief.setup.seats = 3;
  brief.setup.threads = 16;
  brief.setup.plugin = "/lib/\xFF.so";
  brief.setup.parameters.set("flag", true);
  brief.setup.parameters.set("integer", std::numeric_limits<std::int64_t>::min());
  brief.setup.parameters.set("real", 0.1);
  brief.setup.parameters.set("whole real", 3.0);
  brief.setup.parameters.set("text", std::string("gr\xC3\xBC\xC3\x9F \"quoted\"\n"));
  brief.setup.parameters.set("list", std::vector<std::string>{"a", "", "\xFF\xFE"});
  brief.setup.parameters.set("integers", IntegerRange{-1, 1});
  brief.setup.parameters.set("reals", RealRange{5e-324, 1.7976931348623157e308});
  for (int i = 0; i < 9; ++i) {
    Competitor competitor{"player " + std::to_string(i), "Greedy", {}};
    competitor.parameters.set("order", std::int64_t{i});
    if (i == 5) competitor.plugin = "/lib/agents \xFF.so";
    brief.setup.competitors.push_back(competitor);
  }
  return brief;
}

void check_same(const WorkerBrief& a, const WorkerBrief& b) {
  CHECK(a.shape.competitors == b.shape.competitors);
  CHECK(a.shape.per_world == b.shape.per_world);
  CHECK(a.shape.configs == b.shape.configs);
  CHECK(a.shape.runs == b.shape.runs);
  CHECK(a.shape.seed == b.shape.seed);
  CHECK(a.setup.world == b.setup.world);
  CHECK(a.setup.seats == b.setup.seats);
  CHECK(a.setup.threads == b.setup.threads);
  CHECK(a.setup.plugin == b.setup.plugin);
  CHECK(a.setup.parameters == b.setup.parameters);
  CHECK(a.setup.competitors == b.setup.competitors);
}

TEST_CASE("a brief reads back as it was written, every kind of value included") {
  const WorkerBrief brief = sample();
  check_same(decode_brief(encode_brief(brief)), brief);
}

TEST_CASE("how a competitor plays in a process of its own survives the brief") {
  WorkerBrief brief = sample();
  AgentSetup& agent = brief.setup.competitors[2].agent;
  agent.isolated = true;
  agent.program.command = {"python3", "my agent.py"};
  agent.program.folder = "/some/where";
  agent.program.environment = {"A=1"};
  agent.program.env_allow = {"B"};
  agent.program.start_timeout = std::chrono::seconds(7);
  agent.move_deadline = std::chrono::milliseconds(9);
  agent.time_budget = std::chrono::seconds(8);
  agent.on_failure = AgentSetup::OnFailure::void_world;
  brief.setup.competitors[4].agent.isolated = true;
  check_same(decode_brief(encode_brief(brief)), brief);
}

TEST_CASE("any bytes of a file survive the brief") {
  WorkerBrief brief = sample();
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  brief.setup.parameters.set("file", bytes);
  check_same(decode_brief(encode_brief(brief)), brief);
}

TEST_CASE("an empty setup makes a brief too") {
  check_same(decode_brief(encode_brief(WorkerBrief{})), WorkerBrief{});
}

TEST_CASE("text that is no brief is refused, wherever it is cut") {
  const std::string text = encode_brief(sample());
  for (std::size_t size = 0; size < text.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(decode_brief(text.substr(0, size)), std::runtime_error);
  }
  CHECK_THROWS_AS(decode_brief("{}"), std::runtime_error);
  CHECK_THROWS_AS(decode_brief(R"({"format": "joust brief 0"})"), std::runtime_error);
}

TEST_CASE("metrics have the names that specs use") {
  CHECK(metric_name(Metric::mean) == "mean");
  CHECK(metric_name(Metric::truncated_mean) == "truncated_mean");
  CHECK(metric_name(Metric::sum) == "sum");
}

}  // namespace
}  // namespace joust
