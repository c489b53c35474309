#pragma once
// A finished run of a few short worlds that can explain themselves.

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/chaos_run.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {

inline SpecText trading() {
  SpecText spec;
  spec.world = "scml-oneshot";
  spec.configs = 2;
  spec.competitors = {"NiceAgent", "GreedyOneShotAgent", "RandDistOneShotAgent"};
  spec.type = "";
  spec.parameters = "n_steps = 4";
  return spec;
}

// A finished run.
struct TradingRun {
  explicit TradingRun(const SpecText& spec) {
    const auto file = write_spec(folder.path(), spec);
    REQUIRE(joust({"run", file.string(), "--out", dir.string(), "--quiet"}).code == 0);
  }
  Finished replay(const std::string& task, const std::filesystem::path& trace,
                  const JoustOptions& options = {}) const {
    return joust({"replay", dir.string(), task, "--trace", trace.string()}, options);
  }
  Finished report(const std::string& task, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"report", dir.string(), "--world", task};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return joust(arguments);
  }
  ScratchFolder folder;
  std::filesystem::path dir = folder.path() / "run";
};

inline void check_one_error(const Finished& finished, int code, const std::string& part) {
  CAPTURE(finished.err);
  CHECK(finished.code == code);
  CHECK(has(finished.err, part));
  CHECK(finished.err.starts_with("joust: "));
  CHECK(std::count(finished.err.begin(), finished.err.end(), '\n') == 1);
}

}  // namespace joust::test
