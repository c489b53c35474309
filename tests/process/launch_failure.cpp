// Workers that cannot start: the run must end soon, with the reason, and with exit code 4.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

struct Attempt {
  ScratchFolder folder;
  fs::path program = folder.path() / "worker";

  void make_script(const std::string& text) const {
    write_text(program, "#!/bin/sh\n" + text);
    fs::permissions(program, fs::perms::owner_all);
  }

  // Runs with that worker program and demands the answer that all these stories have in common.
  std::string reason(const fs::path& worker, const std::string& of_workers = "") const {
    SpecText spec = busy_worlds(3, "1ms");
    spec.of_workers = "count = 2\n" + of_workers;
    JoustProcess process({"run", write_spec(folder.path(), spec).string(), "--out",
                          (folder.path() / "run").string(), "--worker-binary", worker.string()});
    const int code = process.wait(seconds(10));
    CAPTURE(process.err());
    CHECK(code == 4);
    CHECK(process.descendants().empty());
    CHECK(process.err().find("joust resume") != std::string::npos);
    CHECK(process.err().find("the pool could not work: ") != std::string::npos);
    return process.err();
  }
};

TEST_CASE("a worker program that does not exist is named") {
  const Attempt attempt;
  const std::string said = attempt.reason(attempt.program);
  CHECK(has(said, attempt.program.string()));
  CHECK(has(said, "No such file or directory"));
}

TEST_CASE("a folder is no worker program") {
  const Attempt attempt;
  fs::create_directory(attempt.program);
  const std::string said = attempt.reason(attempt.program);
  CHECK(has(said, attempt.program.string()));
  CHECK(has(said, "Permission denied"));
}

TEST_CASE("a file that is not executable is no worker program") {
  const Attempt attempt;
  write_text(attempt.program, "#!/bin/sh\nexit 0\n");
  CHECK(has(attempt.reason(attempt.program), "Permission denied"));
}

TEST_CASE("a program of an unknown format is no worker program") {
  const Attempt attempt;
  write_text(attempt.program, "\x01\x02\x03 no program");
  fs::permissions(attempt.program, fs::perms::owner_all);
  CHECK(has(attempt.reason(attempt.program), "Exec format error"));
}

TEST_CASE("a program that ends at once is no worker: its exit code is told") {
  const Attempt attempt;
  const std::string said = attempt.reason("/bin/false");
  CHECK(has(said, "could not start"));
  CHECK(has(said, "exit code 1"));
}

TEST_CASE("the last words of a program that ends at once are told") {
  const Attempt attempt;
  attempt.make_script("echo the licence server is down >&2\nexit 3\n");
  const std::string said = attempt.reason(attempt.program);
  CHECK(has(said, "exit code 3"));
  CHECK(has(said, "the licence server is down"));
}

TEST_CASE("a program that never gets ready is given up after its start time-out") {
  const Attempt attempt;
  attempt.make_script("exec sleep 1000\n");
  CHECK(has(attempt.reason(attempt.program, "start_timeout = \"300ms\""), "not ready after 0.3 s"));
}

TEST_CASE("a run whose workers could not start is played once they can") {
  const Attempt attempt;
  attempt.reason(attempt.program);
  const Finished resumed = joust({"resume", (attempt.folder.path() / "run").string()});
  CAPTURE(resumed.err);
  CHECK(resumed.code == 0);
}

TEST_CASE("joust-worker started by hand says who starts it") {
  JoustOptions options;
  options.program = JOUST_BIN_DIR "/joust-worker";
  const Finished finished = joust({}, options);
  CHECK(finished.code == 2);
  CHECK(has(finished.err, "joust-worker is started by joust"));
}

}  // namespace
}  // namespace joust::test
