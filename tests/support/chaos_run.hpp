#pragma once
// A run of the chaos world, for tests of what it leaves behind.

#include <doctest/doctest.h>

#include <string>

#include "runner/journal/journal.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {

// A finished run of the chaos world.
struct ChaosRun {
  explicit ChaosRun(const std::string& script, const std::string& more_of_workers = "",
                    const JoustOptions& options = {}) {
    SpecText spec;
    spec.world = "chaos";
    spec.configs = 5;
    spec.parameters = "script = [" + script + "]";
    spec.of_world = "deadline = \"1500ms\"\nstall_timeout = \"500ms\"";
    spec.of_workers = "count = 2\nfrozen_timeout = \"400ms\"\n" + more_of_workers;
    const auto file = write_spec(folder.path(), spec);
    ending = joust({"run", file.string(), "--out", dir.string(), "--quiet"}, options);
  }

  // The stacks that were taken of the attempt; fails the test when there are none.
  std::string stack_of(TaskIndex task) const {
    for (const journal::FailedAttempt& row : failed_attempts_of(dir)) {
      if (row.task != task) continue;
      CAPTURE(row.detail);
      REQUIRE(row.stack ==
              "attempts/" + std::to_string(task) + "." + std::to_string(row.attempt) + ".stack");
      return read_text(dir / row.stack);
    }
    FAIL("no attempt at task " << task << " failed");
    return {};
  }

  ScratchFolder folder;
  std::filesystem::path dir = folder.path() / "run";
  Finished ending;
};

}  // namespace joust::test
