// The chaos world does exactly what its script says, and its results depend on the seed alone.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>
#include <tuple>

#include "common/channel_layout.hpp"
#include "tests/support/forked_child.hpp"
#include "worker/worlds/chaos/script.hpp"
#include "worker/worlds/worlds.hpp"

using namespace joust;
using joust::test::ForkedChild;
using joust::worlds::chaos::Action;
using joust::worlds::chaos::parse_script;
using joust::worlds::chaos::wants;

namespace {

class CountingContext : public WorldContext {
 public:
  explicit CountingContext(AttemptNumber attempt) : attempt_(attempt) {}
  void progress(std::uint64_t, std::uint64_t) override { ++reports; }
  bool stop_requested() const override { return false; }
  AttemptNumber attempt() const override { return attempt_; }
  void log(std::string_view) override {}
  int reports = 0;

 private:
  AttemptNumber attempt_;
};

WorldSetup setup_with(const std::vector<std::string>& script) {
  const WorldType type = worlds::chaos_world();
  WorldSetup setup;
  setup.world = "chaos";
  setup.seats = 2;
  setup.parameters.set("script", script);
  fill_defaults(setup.parameters, type.parameters);
  return setup;
}

WorldTask task_with(TaskIndex index, std::uint64_t seed) {
  static constexpr std::array<std::uint32_t, 2> kSeats = {0, 1};
  WorldTask task;
  task.index = index;
  task.seed = seed;
  task.seats = kSeats;
  return task;
}

WorldResult play(const std::vector<std::string>& script, TaskIndex index = 0,
                 AttemptNumber attempt = 1) {
  const WorldSetup setup = setup_with(script);
  CountingContext context(attempt);
  return worlds::chaos_world().make(setup)->play(task_with(index, 1000 + index), context);
}

// Plays in a child of its own, whose standard output and error are what it says.
ForkedChild::Ending ending_of(const std::string& entry) {
  ForkedChild child([&entry](const ForkedChild::Say& say) {
    play({entry});
    say("played");
  });
  return child.wait();
}

struct Printed {
  std::string text;
  ForkedChild::Ending ending;
};

// As ending_of, with what went to standard output and error.
Printed printed_by(const std::string& entry) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  ForkedChild child([&](const ForkedChild::Say&) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    play({entry});
  });
  ::close(ends[1]);
  Printed printed;
  std::array<char, 65536> buffer{};
  for (ssize_t got = 1; got > 0;) {
    got = ::read(ends[0], buffer.data(), buffer.size());
    if (got > 0) printed.text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  printed.ending = child.wait();
  return printed;
}

// The first line of /proc/PID/status that begins with `name`, without it.
std::string status_line(pid_t pid, std::string_view name) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return line.substr(name.size());
  }
  return "";
}

std::string setup_error(const std::string& entry) {
  try {
    parse_script({"spin", entry});
  } catch (const SetupError& error) {
    return error.what();
  }
  return "(no error)";
}

// How many of 10000 worlds an entry wants.
int wanted(const std::string& text, AttemptNumber attempt = 1) {
  const auto script = parse_script({text});
  int count = 0;
  for (TaskIndex task = 0; task < 10'000; ++task) {
    count += wants(script[0], task_with(task, 77 * task), attempt) ? 1 : 0;
  }
  return count;
}

}  // namespace

TEST_CASE("a world left alone gives scores from its seed, one per seat, whatever the attempt") {
  const WorldResult first = play({}, 5, 1);
  REQUIRE(first.seats.size() == 2);
  CHECK(first.seats[0].score != first.seats[1].score);
  CHECK(first.payload.empty());
  CHECK(play({}, 5, 3) == first);
  CHECK(play({"sleep for=1ns", "throw attempt=1", "spin for=1us"}, 5, 2) == first);
  CHECK_FALSE(play({}, 6, 1) == first);
}

TEST_CASE("progress is reported before the script and ten times during the work") {
  for (const auto& [work, reports, expected] :
       {std::tuple{0, true, 1}, std::tuple{1'000'000, true, 11}, std::tuple{1'000'000, false, 0}}) {
    WorldSetup setup = setup_with({});
    setup.parameters.set("work", std::int64_t{work});
    setup.parameters.set("progress", reports);
    CountingContext context(1);
    worlds::chaos_world().make(setup)->play(task_with(1, 1), context);
    CHECK(context.reports == expected);
  }
}

TEST_CASE("every argument is read") {
  const auto script = parse_script({"crash signal=SIGKILL p=0.5", "crash signal=ABRT",
                                    "exit code=3", "sleep for=200ms", "print size=4MiB to=stderr",
                                    "throw text=boom", "crash", "exit", "  spin   every=50 "});
  CHECK(script[0].signal == SIGKILL);
  CHECK(script[0].probability == 0.5);
  CHECK(script[0].number == 1);
  CHECK(script[1].signal == SIGABRT);
  CHECK(script[2].exit_code == 3);
  CHECK(script[3].duration == std::chrono::milliseconds(200));
  CHECK(script[4].size == 4 << 20);
  CHECK(script[4].stream == worlds::chaos::Stream::err);
  CHECK(script[5].text == "boom");
  CHECK(script[6].signal == SIGSEGV);
  CHECK(script[7].exit_code == 1);
  CHECK(script[8].every == 50);
  CHECK(script[8].number == 9);
  const auto plain = parse_script({"deadlock", "overflow", "null_call", "fault task=2"});
  CHECK(plain[0].action == Action::deadlock);
  CHECK(plain[1].action == Action::overflow);
  CHECK(plain[2].action == Action::null_call);
  CHECK(plain[3].action == Action::fault);
}

TEST_CASE("tasks and attempts are selected exactly") {
  CHECK(wanted("spin") == 10'000);
  CHECK(wanted("spin task=17") == 1);
  CHECK(wanted("spin task=17,20-29,99999") == 11);
  CHECK(wanted("spin every=50") == 200);
  CHECK(wanted("spin every=50 task=0-99") == 2);
  CHECK(wanted("spin attempt=1") == 10'000);
  CHECK(wanted("spin attempt=1", 2) == 0);
  CHECK(wanted("spin attempt=1-2", 2) == 10'000);
  CHECK(wanted("spin attempt=1,3", 2) == 0);
}

TEST_CASE("probabilities are kept, drawn anew for each attempt and entry, and reproducible") {
  CHECK(wanted("spin p=0") == 0);
  CHECK(wanted("spin p=1") == 10'000);
  const int twentieth = wanted("spin p=0.05");
  CHECK(twentieth > 400);  // 500 expected, standard deviation 22
  CHECK(twentieth < 600);
  CHECK(wanted("spin p=0.05") == twentieth);

  const auto script = parse_script({"spin p=0.5", "spin p=0.5", "result size=1 p=0.5"});
  int other_attempt = 0;
  int other_entry = 0;
  int other_result = 0;
  for (TaskIndex index = 0; index < 1000; ++index) {
    const WorldTask task = task_with(index, 31 * index);
    other_attempt += wants(script[0], task, 1) != wants(script[0], task, 2) ? 1 : 0;
    other_entry += wants(script[0], task, 1) != wants(script[1], task, 1) ? 1 : 0;
    other_result += wants(script[2], task, 1) != wants(script[2], task, 2) ? 1 : 0;
  }
  CHECK(other_attempt > 400);
  CHECK(other_entry > 400);
  CHECK(other_result == 0);  // else a result would depend on the attempt
}

TEST_CASE("an entry that cannot be understood names itself, its number and what may be meant") {
  CHECK(setup_error("crsh p=0.1") ==
        "script entry 2 ('crsh p=0.1'): there is no action 'crsh'; did you mean crash?");
  const std::string mistyped = setup_error("crash sginal=11");
  CAPTURE(mistyped);
  CHECK(
      mistyped.starts_with("script entry 2 ('crash sginal=11'): 'crash' has no argument 'sginal'"));
  CHECK(mistyped.find("did you mean signal") != std::string::npos);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "there is no action ''"},
      {"sleep", "'sleep' needs for="},
      {"print to=both", "'print' needs size="},
      {"crash p=1.5", "p='1.5' is not a probability from 0 to 1"},
      {"crash p=nan", "p='nan' is not"},
      {"crash p", "p='' is not"},
      {"crash signal=99", "signal='99' is not a signal such as 11 or SEGV"},
      {"exit code=256", "code='256' is not an exit code"},
      {"spin every=0", "every='0' is not a whole number from 1"},
      {"spin task=5-3", "task='5-3' is not task indices"},
      {"spin task=1,,2", "task='1,,2' is not task indices"},
      {"spin attempt=-1", "attempt='-1' is not attempts"},
      {"spin for=soon", "for='soon' is not a duration"},
      {"leak size=much", "size='much' is not a size"},
      {"print size=1 to=me", "to='me' is not stdout, stderr or both"},
      {"stray count=0", "count='0' is not a number from 1 to 1000"},
      {"stray count=1001", "count='1001' is not a number from 1 to 1000"},
      {"stray as=ghost", "as='ghost' is not child, daemon or bare"},
      {"spin p=1 p=1", "'p' is given twice"},
      {"result size=1 attempt=1", "a result must not depend on the attempt"},
      {"deadlock size=1", "'deadlock' has no argument 'size'"},
      {"fault signal=7", "'fault' has no argument 'signal'"},
      {"null", "there is no action 'null'"},
      {"block for=1s", "'block' has no argument 'for'"},
  };
  for (const auto& [entry, expected] : cases) {
    const std::string error = setup_error(entry);
    CAPTURE(error);
    CHECK(error.find(expected) != std::string::npos);
  }
}

TEST_CASE("a bad script is refused when the world is made") {
  const WorldSetup setup = setup_with({"dance"});
  CHECK_THROWS_AS(worlds::chaos_world().make(setup), SetupError);
}

TEST_CASE("misbehaviour that returns leaves the result alone, except for its payload") {
  const WorldResult sound = play({});
  WorldResult large = play({"result size=3MiB"});
  CHECK(large.payload.size() == 3 << 20);
  large.payload.clear();
  CHECK(large == sound);
  const ForkedChild::Ending leaked = ending_of("leak size=5000KB");
  CHECK(leaked.said == "played");
}

TEST_CASE("misbehaviour that ends the process ends it as announced") {
  CHECK(ending_of("crash").signal == SIGSEGV);
  CHECK(ending_of("crash signal=9").signal == SIGKILL);
  CHECK(ending_of("crash signal=TERM").signal == SIGTERM);
  CHECK(ending_of("exit code=3").exit_code == 3);
  CHECK(ending_of("exit code=0").said.empty());
  const ForkedChild::Ending thrown = ending_of("throw text=boom");
  CHECK(thrown.exit_code == 1);
  CHECK(thrown.said == "boom");
  try {
    play({"throw text=mine seat=1"}, 5, 1);
    FAIL("nothing was thrown");
  } catch (const CompetitorFault& fault) {
    CHECK(fault.seat == 1);
    CHECK(std::string(fault.what()) == "mine");
  }
  CHECK(ending_of("crash signal=CHLD").said == "crash: signal 17 does not end a process");
  CHECK(ending_of("garbage").said.starts_with("garbage: this process has no channel"));
}

TEST_CASE("a corrupted heap is noticed by the C library, which leaves last words") {
  const Printed printed = printed_by("corrupt");
  CAPTURE(printed.text);
  CHECK(printed.text.find("free") != std::string::npos);
  // an exit code where a sanitizer noticed it first
  CHECK((printed.ending.signal == SIGABRT || printed.ending.exit_code.value_or(0) != 0));
}

TEST_CASE("faults, calls to nowhere and recursion without end crash the process") {
  for (const char* entry : {"fault", "null_call", "overflow"}) {
    CAPTURE(entry);
    const ForkedChild::Ending ending = ending_of(entry);
    // an exit code where a sanitizer noticed it first
    CHECK((ending.signal == SIGSEGV || ending.exit_code.value_or(0) != 0));
    CHECK(ending.said.empty());
  }
}

TEST_CASE("a deadlock has two threads that wait for each other, and no end") {
  ForkedChild child([](const ForkedChild::Say&) { play({"deadlock"}); });
  const auto threads_in = [&](std::string_view function) {
    int count = 0;
    std::error_code error;
    const std::string tasks = fmt::format("/proc/{}/task", child.pid());
    for (const auto& task : std::filesystem::directory_iterator(tasks, error)) {
      std::ifstream file(task.path() / "syscall");
      std::string number;
      file >> number;
      count += number == function ? 1 : 0;
    }
    return count;
  };
  const std::string futex = fmt::format("{}", SYS_futex);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (threads_in(futex) != 2 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  CHECK(threads_in(futex) == 2);
}

TEST_CASE("a flood goes to the streams it is meant for, to the byte") {
  CHECK(printed_by("print size=1000001").text.size() == 2 * 1'000'001);
  CHECK(printed_by("print size=1000001 to=stdout").text.size() == 1'000'001);
  CHECK(printed_by("print size=1 to=stderr").text == "c");
}

TEST_CASE("a stopped world can be continued and then finishes") {
  ForkedChild child([](const ForkedChild::Say& say) {
    play({"stop"});
    say("played");
  });
  int status = 0;
  REQUIRE(::waitpid(child.pid(), &status, WUNTRACED) == child.pid());
  CHECK(WIFSTOPPED(status));
  child.send_signal(SIGCONT);
  const ForkedChild::Ending ending = child.wait();
  CHECK(ending.said == "played");
  CHECK(ending.exit_code == 0);
}

TEST_CASE("a stray child lives on in its own session, deaf to SIGTERM") {
  ForkedChild parent([](const ForkedChild::Say& say) {
    play({"stray for=5m"});
    pid_t stray = 0;
    std::ifstream(fmt::format("/proc/self/task/{}/children", ::getpid())) >> stray;
    say(fmt::format("{:<10}", stray));
    ::pause();
  });
  REQUIRE(parent.wait_until_said(10));
  const pid_t stray = std::stoi(parent.said());
  REQUIRE(stray > 0);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (::getsid(stray) != stray && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  CHECK(::getsid(stray) == stray);
  const std::uint64_t ignored = std::stoull(status_line(stray, "SigIgn:"), nullptr, 16);
  CHECK((ignored >> (SIGTERM - 1) & 1) == 1);

  parent.send_signal(SIGKILL);
  siginfo_t gone{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(parent.pid()), &gone, WEXITED | WNOWAIT) == 0);
  CHECK(::kill(stray, 0) == 0);
  ::kill(stray, SIGKILL);
}

TEST_CASE("garbage reaches every byte of the channel, and the bell rings") {
  constexpr std::size_t kSize = 64 << 10;
  const int memory = ::memfd_create("joust-worker", MFD_CLOEXEC);
  REQUIRE(::ftruncate(memory, kSize) == 0);
  void* mapped = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
  REQUIRE(mapped != MAP_FAILED);
  const int bell = ::eventfd(0, EFD_CLOEXEC);
  {
    ForkedChild child([bell](const ForkedChild::Say&) {
      ::dup2(bell, kResultBellFd);
      play({"garbage"});
    });
    pollfd ringing{bell, POLLIN, 0};
    REQUIRE(::poll(&ringing, 1, 10'000) == 1);
    const auto* bytes = static_cast<const unsigned char*>(mapped);
    std::size_t zeros = 0;
    for (std::size_t i = 0; i < kSize; ++i) zeros += bytes[i] == 0 ? 1U : 0U;
    CHECK(zeros < kSize / 128);  // 1 of 256 expected
  }
  ::munmap(mapped, kSize);
  ::close(memory);
  ::close(bell);
}
