// 'joust doctor' on the machine that the tests run on, and the programs that it asks.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "runner/doctor/ask_program.hpp"
#include "runner/os/find_worker.hpp"
#include "tests/support/process_joust.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

TEST_CASE("every finding on this machine is described, and a run would work here") {
  const ScratchFolder folder;
  JoustOptions options;
  options.folder = folder.path();
  const Finished finished = joust({"doctor", "runs", "--json"}, options);
  CAPTURE(finished.out);
  CHECK(finished.code == 0);
  CHECK(finished.err.empty());
  const Json json = Json::parse(finished.out);
  CHECK(json["would_work"] == true);
  CHECK(json["counts"]["problem"] == 0);
  const std::string page = read_text(JOUST_SOURCE_DIR "/runner/doctor/README.md");
  std::set<std::string> checks;
  for (const Json& finding : json["findings"]) {
    const std::string check = finding["check"];
    CAPTURE(check);
    CHECK(has(page, "`" + check + "`"));
    CHECK_FALSE(finding["found"].get<std::string>().empty());
    CHECK_FALSE(finding["meaning"].get<std::string>().empty());
    CHECK((checks.insert(check).second || check == "kernel"));
  }
  for (const char* sure : {"kernel", "open files", "memory", "run directory", "joust-worker"}) {
    CAPTURE(sure);
    CHECK(checks.contains(sure));
  }
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("a folder where nothing can be written is a problem, and exit code 3") {
  const Finished finished = joust({"doctor", "/proc"});
  CHECK(finished.code == 3);
  CHECK(has(finished.out, "problem  run directory        /proc: proc"));
  CHECK(has(finished.out, "a run would fail here"));
  CHECK(finished.err.empty());
}

TEST_CASE("a machine without control groups is no problem") {
  JoustOptions options;
  options.environment = {{"JOUST_NO_CGROUP", "1"}};
  const Finished finished = joust({"doctor"}, options);
  CHECK(finished.code == 0);
  CHECK(has(finished.out, "note     containment          JOUST_NO_CGROUP is set"));
}

TEST_CASE("a number of workers that cannot be is a bad command line") {
  const Finished finished = joust({"doctor", "--workers", "0"});
  CHECK(finished.code == 2);
  CHECK(finished.out.empty());
}

TEST_CASE("a program that is asked answers, fails, or is ended when its time is up") {
  os::Spawner spawner(os::find_worker(), "doctor-test");
  const auto ask = [&](const std::string& script, Duration limit) {
    return doctor::ask_program(spawner, "/bin/sh", {"-c", script}, limit);
  };
  const doctor::Answer good = ask("echo one; echo two", patience(seconds(20)));
  CHECK(good.is_good);
  CHECK(good.output == "one\ntwo\n");
  CHECK(good.trouble.empty());
  const doctor::Answer failed = ask("exit 7", patience(seconds(20)));
  CHECK_FALSE(failed.is_good);
  CHECK(has(failed.trouble, "exit code 7"));
  const doctor::Answer late = ask("echo begun; exec sleep 600", milliseconds(300));
  CHECK_FALSE(late.is_good);
  CHECK(late.output == "begun\n");
  CHECK(has(late.trouble, "did not answer within 300ms"));
  const doctor::Answer missing =
      doctor::ask_program(spawner, "/nonexistent/program", {}, patience(seconds(20)));
  CHECK_FALSE(missing.is_good);
  CHECK_FALSE(missing.trouble.empty());
}

}  // namespace
}  // namespace joust::test
