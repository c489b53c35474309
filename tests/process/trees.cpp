// Whatever a world starts ends with its worker, and with joust, within a second: children in
// sessions of their own, daemons whose parents have ended, two hundred at once, processes that have
// cleared their environment (only a control group finds these after kill -9 of joust). Both ways of
// finding them are tried: control groups, where this machine allows them, and the mark in the
// environment.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include "common/run_marker.hpp"
#include "runner/os/run_cgroup.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_probe.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

const std::string kContainments[] = {"cgroup", "mark"};

bool is_possible(const std::string& containment) {
  if (containment == "mark" || os::RunCgroup::create()) return true;
  MESSAGE("no control groups may be made here: that half is not tested");
  return false;
}

// A tournament whose world number 3 leaves strays.
class Scene {
 public:
  // The world waits for `wait` when the strays are there. `configs`: half as many as worlds.
  Scene(const std::string& containment, const std::string& strays, const std::string& wait,
        int configs)
      : seconds_(fmt::format("{}.{:09}", 500, ::getpid())) {
    SpecText spec;
    spec.world = "chaos";
    spec.configs = configs;
    spec.parameters = fmt::format(
        "work = \"20ms\"\nscript = [\"stray for={}s {} task=3\", \"sleep for={} task=3\"]",
        seconds_, strays, wait);
    spec.of_workers = "count = 2";
    spec.of_world = "attempts = 1";
    JoustOptions options;
    if (containment == "mark") options.environment["JOUST_NO_CGROUP"] = "1";
    process_.emplace(
        JoustProcess::Arguments{"run", write_spec(folder_.path(), spec).string(), "--out", dir()},
        options);
    session_ = ::getsid(process_->pid());
  }
  ~Scene() {
    for (const int pid : strays()) ::kill(pid, SIGKILL);
  }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  JoustProcess& process() { return *process_; }
  std::string dir() const { return (folder_.path() / "run").string(); }

  // Those that carry the mark of a worker in another session, and those that only their arguments
  // tell.
  std::vector<int> strays() {
    std::vector<int> found = process_->descendants();
    std::erase_if(found, [this](int pid) {
      return !is_alive(pid) || ::getsid(pid) == session_ ||
             environment_of(pid, kWorkerVariable).empty();
    });
    for (const int pid : sleepers(seconds_)) found.push_back(pid);
    return found;
  }

 private:
  std::string seconds_;  // how long bare strays sleep: nobody else does for just so long
  int session_ = -1;
  ScratchFolder folder_;
  std::optional<JoustProcess> process_;
};

void expect_end_with_worker(const std::string& strays, std::size_t count) {
  for (const std::string& containment : kContainments) {
    if (!is_possible(containment)) continue;
    CAPTURE(containment);
    CAPTURE(strays);
    Scene scene(containment, strays, "1m", 500);
    REQUIRE(eventually(seconds(20), [&] { return scene.strays().size() >= count; }));
    for (const int pid : scene.process().workers()) ::kill(pid, SIGKILL);
    CHECK(eventually(seconds(1), [&] { return scene.strays().empty(); }));
    CHECK(scene.process().runs());
    CHECK(report_of(scene.dir())["containment"] == containment);
    scene.process().signal(SIGTERM);
    CHECK(scene.process().wait() == 143);
  }
}

void expect_end_with_joust(const std::string& containment, const std::string& strays,
                           std::size_t count) {
  if (!is_possible(containment)) return;
  CAPTURE(containment);
  CAPTURE(strays);
  Scene scene(containment, strays, "1m", 500);
  REQUIRE(eventually(seconds(20), [&] { return scene.strays().size() >= count; }));
  scene.process().signal(SIGKILL);
  CHECK(scene.process().wait() == -SIGKILL);
  CHECK(eventually(seconds(1), [&] { return scene.strays().empty(); }));
  CHECK(eventually(seconds(1), [&] { return scene.process().descendants().empty(); }));
}

TEST_CASE("a child in a session of its own, deaf to SIGTERM, ends with its worker") {
  expect_end_with_worker("as=child", 1);
}

TEST_CASE("a daemon ends with its worker") { expect_end_with_worker("as=daemon", 1); }

TEST_CASE("a daemon that has cleared its environment ends with its worker") {
  expect_end_with_worker("as=bare", 1);
}

TEST_CASE("two hundred processes that go on forking end with their worker") {
  expect_end_with_worker("count=200", 200);
}

TEST_CASE("daemons end with joust when that is killed") {
  for (const std::string& containment : kContainments) {
    expect_end_with_joust(containment, "as=child", 1);
    expect_end_with_joust(containment, "as=daemon", 1);
    expect_end_with_joust(containment, "count=200", 200);
  }
}

TEST_CASE("with control groups even a bare daemon ends with a killed joust") {
  expect_end_with_joust("cgroup", "as=bare", 1);
}

TEST_CASE("strays end with a run that comes to its end, and its control groups are gone") {
  for (const std::string& containment : kContainments) {
    if (!is_possible(containment)) continue;
    CAPTURE(containment);
    Scene scene(containment, "count=20 as=bare", "2s", 10);
    REQUIRE(eventually(seconds(20), [&] { return scene.strays().size() >= 20; }));
    const int pid = scene.process().pid();
    CHECK(scene.process().wait() == 0);
    CHECK(scene.strays().empty());
    const auto mine = os::RunCgroup::create();
    if (!mine) continue;
    CHECK(!fs::exists(mine->folder().parent_path() / fmt::format("joust-{}", pid)));
  }
}

}  // namespace
}  // namespace joust::test
