// Thousands of workers that die: the supervisor must not keep anything of any of them.

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "runner/journal/reader.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_probe.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

// The smallest numbers seen in a stretch of the run: what lives for a moment does not count.
struct Held {
  std::size_t descriptors = std::numeric_limits<std::size_t>::max();
  std::size_t mapped = std::numeric_limits<std::size_t>::max();

  void look(int pid) {
    descriptors = std::min(descriptors, open_descriptors(pid));
    mapped = std::min(mapped, mappings(pid));
  }
};

TEST_CASE("descriptors and mappings of the supervisor do not grow over 2,000 respawns") {
  SpecText spec;
  spec.world = "chaos";
  spec.configs = 10;
  spec.parameters = "script = [\"exit\"]";
  spec.of_world = "attempts = 100\nretry_backoff = \"0s\"";
  spec.of_workers = "count = 2\nmax_deaths_without_progress = 1000000";
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  JoustProcess process(
      {"run", write_spec(folder.path(), spec).string(), "--out", dir.string(), "--quiet"});
  REQUIRE(eventually(seconds(20), [&] { return fs::exists(dir); }));
  const journal::Reader reader(dir);
  Held early;
  Held late;
  REQUIRE(eventually(seconds(60), [&] {
    const std::uint64_t started = reader.counts().workers_started;
    if (started >= 150 && started < 350) early.look(process.pid());
    if (started >= 1700 && started < 1950) late.look(process.pid());
    return !process.runs();
  }));
  CAPTURE(process.err());
  CHECK(process.wait() == 3);
  CHECK(reader.counts().workers_started >= 2000);
  CHECK(reader.counts().quarantined == 20);
  CAPTURE(early.descriptors);
  CAPTURE(early.mapped);
  CHECK(early.descriptors < 100);
  CHECK(late.descriptors < 100);
  CHECK(late.descriptors <= early.descriptors + 6);  // one worker more that lives just now
  CHECK(late.mapped <= early.mapped + 8);
}

}  // namespace
}  // namespace joust::test
