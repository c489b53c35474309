// The text of --chaos.

#include "runner/cli/chaos_option.hpp"

#include <doctest/doctest.h>

namespace joust::cli {
namespace {

std::string error_of(const std::string& text) {
  try {
    parse_chaos(text);
  } catch (const ChaosError& error) {
    return error.what();
  }
  return "(no error)";
}

TEST_CASE("rates and a seed are read") {
  const os::InjuryPlan plan = parse_chaos("kill=20/s,stop=30/m,seed=7");
  CHECK(plan.kills_per_second == 20);
  CHECK(plan.stops_per_second == 0.5);
  CHECK(plan.seed == 7);
  CHECK(parse_chaos("stop=0.25/s").kills_per_second == 0);
  CHECK(parse_chaos("stop=0.25/s").seed == 1);
}

TEST_CASE("anything else is refused, and the part is named") {
  CHECK(error_of("kill=fast/s") ==
        "'kill=fast/s' is not a rate from 0 to 1000 per second; write it like "
        "\"kill=20/s,stop=2/s,seed=7\"");
  for (const char* text : {"", "kill", "kill=", "kill=20", "kill=-1/s", "kill=nan/s", "kill=inf/s",
                           "kill=1001/s", "kill=20/s,", "burn=1/s", "seed=7", "kill=0/s",
                           "kill=1/s,seed=-1", "kill=1/s,seed=x", "kill=1/s stop=1/s"}) {
    CAPTURE(text);
    CHECK(error_of(text).find("write it like") != std::string::npos);
  }
}

}  // namespace
}  // namespace joust::cli
