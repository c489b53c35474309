// Where workers run, and what they start: on which processors, how nice, with what priority of
// input and output, and with how many threads of libraries.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <linux/ioprio.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>

#include "common/run_marker.hpp"
#include "common/whole_file.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_probe.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

// What the kernel says of a process.
struct Place {
  std::string processors;  // "0-3"
  int nice = 0;
  int io_priority = 0;
};

std::string processors_of(int pid) {
  std::istringstream lines(read_whole_file(fmt::format("/proc/{}/status", pid)).value_or(""));
  constexpr std::string_view kKey = "Cpus_allowed_list:\t";
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kKey)) return line.substr(kKey.size());
  }
  return "";
}

int nice_of(int pid) {
  const std::string stat = read_whole_file(fmt::format("/proc/{}/stat", pid)).value_or("");
  std::istringstream fields(stat.substr(stat.rfind(')') + 2));  // from the third field on
  std::string field;
  for (int number = 3; number <= 19; ++number) fields >> field;
  return std::stoi(field);
}

Place place_of(int pid) {
  constexpr int kProcess = 1;  // IOPRIO_WHO_PROCESS
  return {processors_of(pid), nice_of(pid),
          static_cast<int>(::syscall(SYS_ioprio_get, kProcess, pid))};
}

// Worlds that go on until the run is ended.
struct Running {
  ScratchFolder folder;
  fs::path dir = folder.path() / "run";
  JoustProcess process;

  Running(const std::string& of_workers, const std::vector<std::string>& options, std::size_t count)
      : process(arguments(of_workers, options)) {
    REQUIRE(eventually(seconds(20), [&] { return process.workers().size() == count; }));
  }

  std::vector<Place> workers() const {
    std::vector<Place> places;
    for (const int pid : process.workers()) places.push_back(place_of(pid));
    return places;
  }

 private:
  std::vector<std::string> arguments(const std::string& of_workers,
                                     const std::vector<std::string>& options) const {
    SpecText spec = busy_worlds(1000, "1s");
    spec.of_workers = of_workers;
    std::vector<std::string> all = {"run", write_spec(folder.path(), spec).string(), "--out",
                                    dir.string()};
    all.insert(all.end(), options.begin(), options.end());
    return all;
  }
};

// This process, and what it starts meanwhile, runs on one processor only.
class OnOneProcessor {
 public:
  OnOneProcessor() {
    ::sched_getaffinity(0, sizeof(before_), &before_);
    while (!CPU_ISSET(processor_, &before_)) ++processor_;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(processor_, &one);
    ::sched_setaffinity(0, sizeof(one), &one);
  }
  ~OnOneProcessor() { ::sched_setaffinity(0, sizeof(before_), &before_); }
  OnOneProcessor(const OnOneProcessor&) = delete;
  OnOneProcessor& operator=(const OnOneProcessor&) = delete;
  std::string processor() const { return std::to_string(processor_); }

 private:
  cpu_set_t before_{};
  std::size_t processor_ = 0;
};

std::size_t usable_processors() {
  cpu_set_t set;
  ::sched_getaffinity(0, sizeof(set), &set);
  return static_cast<std::size_t>(CPU_COUNT(&set));
}

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

TEST_CASE("pinned workers have a processor each, and joust keeps all of them") {
  const std::size_t count = usable_processors();
  const Running running("pin = true", {"--workers", std::to_string(count)}, count);
  std::set<std::string> processors;
  for (const Place& worker : running.workers()) {
    CAPTURE(worker.processors);
    CHECK(is_number(worker.processors));
    processors.insert(worker.processors);
  }
  CHECK(processors.size() == count);
  CHECK(processors_of(running.process.pid()) == processors_of(::getpid()));
}

TEST_CASE("workers are pinned within what joust may use, and it says when they share") {
  const OnOneProcessor alone;
  Running running("", {"--workers", "3", "--pin"}, 3);
  for (const Place& worker : running.workers()) CHECK(worker.processors == alone.processor());
  CHECK(running.process.err().find("joust: warning: 3 pinned workers share 1 processor: several "
                                   "play on the same one\n") != std::string::npos);
}

TEST_CASE("without being asked, joust places no worker") {
  const Running running("count = 2", {}, 2);
  const Place own = place_of(::getpid());
  for (const Place& worker : running.workers()) {
    CHECK(worker.processors == own.processors);
    CHECK(worker.nice == own.nice);
    CHECK(worker.io_priority == own.io_priority);
  }
}

TEST_CASE("the command line goes over the spec's niceness, priority and pinning") {
  const Running running("count = 1\npin = true\nnice = 7\nionice = \"idle\"",
                        {"--no-pin", "--nice", "3", "--ionice", "best-effort:6"}, 1);
  const Place own = place_of(::getpid());
  const Place worker = running.workers().at(0);
  CHECK(worker.processors == own.processors);
  CHECK(worker.nice == std::min(19, own.nice + 3));
  CHECK(worker.io_priority == ((IOPRIO_CLASS_BE << IOPRIO_CLASS_SHIFT) | 6));
  const Place supervisor = place_of(running.process.pid());
  CHECK(supervisor.nice == own.nice);
  CHECK(supervisor.io_priority == own.io_priority);
}

// A program that plays, from its start until the gate opens.
struct Program {
  ScratchFolder folder;
  std::optional<JoustProcess> process;
  int pid = 0;

  Program(const std::string& of_workers, const std::string& of_world,
          const JoustOptions& options = {}) {
    write_text(folder.path() / "play.sh", "exec sleep 1000\n");
    write_text(folder.path() / "t.toml",
               fmt::format("[tournament]\nname = \"t\"\n[world]\nkind = \"command\"\n"
                           "command = [\"sh\", \"play.sh\"]\n{}\n"
                           "[[competitor]]\ntype = \"a\"\n[[competitor]]\ntype = \"b\"\n"
                           "[workers]\ncount = 1\n{}\n",
                           of_world, of_workers));
    process.emplace(JoustProcess::Arguments{"run", (folder.path() / "t.toml").string(), "--out",
                                            (folder.path() / "run").string()},
                    options);
    REQUIRE(eventually(seconds(20), [this] {
      const std::vector<int> found = sleepers("1000");
      const std::vector<int> ours = process->descendants();
      const auto it = std::find_first_of(ours.begin(), ours.end(), found.begin(), found.end());
      pid = it == ours.end() ? 0 : *it;
      return pid != 0;
    }));
  }

  std::string variable(const std::string& name) const { return environment_of(pid, name); }
};

constexpr std::array kThreadNumbers = {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
                                       "NUMEXPR_NUM_THREADS"};

TEST_CASE("a program that a worker starts is where the worker is") {
  const Program program("pin = true\nnice = 4\nionice = \"idle\"", "");
  const Place place = place_of(program.pid);
  CHECK(is_number(place.processors));
  CHECK(place.nice == std::min(19, nice_of(::getpid()) + 4));
  CHECK(place.io_priority == IOPRIO_CLASS_IDLE << IOPRIO_CLASS_SHIFT);
  for (const char* name : kThreadNumbers) CHECK(program.variable(name) == "1");
}

TEST_CASE("libraries of a program are told their share of the processors") {
  const Program program("", "");
  for (const char* name : kThreadNumbers) {
    CHECK(program.variable(name) == std::to_string(usable_processors()));
  }
}

TEST_CASE("who has said how many threads a library shall start has the last word") {
  JoustOptions options;
  options.environment = {{"OMP_NUM_THREADS", "5"}};
  const Program program("pin = true", "env = { MKL_NUM_THREADS = \"6\" }", options);
  CHECK(program.variable("OMP_NUM_THREADS") == "5");
  CHECK(program.variable("MKL_NUM_THREADS") == "6");
  CHECK(program.variable("OPENBLAS_NUM_THREADS") == "1");
}

TEST_CASE("a resumed run may be placed elsewhere") {
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  const fs::path spec = write_spec(folder.path(), busy_worlds(20, "100ms"));
  JoustProcess first({"run", spec.string(), "--out", dir.string(), "--workers", "1", "--pin"});
  REQUIRE(eventually(seconds(20), [&] { return results_in(dir) > 0; }));
  first.signal(SIGKILL);
  first.wait();
  JoustProcess second({"resume", dir.string(), "--workers", "1", "--nice", "2"});
  REQUIRE(eventually(seconds(20), [&] { return !second.workers().empty(); }));
  const Place worker = place_of(second.workers().at(0));
  CHECK(worker.nice == std::min(19, nice_of(::getpid()) + 2));
  CHECK(worker.processors == processors_of(::getpid()));
  CHECK(second.wait() == 0);
  CHECK(report_of(dir)["done"] == 40);
}

}  // namespace
}  // namespace joust::test
