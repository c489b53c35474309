// joust-stacks shows where every thread of a process is, leaves the process as it was, and never
// takes longer than it may.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <regex>

#include "common/sanitizer.hpp"
#include "common/tournament.hpp"
#include "runner/os/channel_host.hpp"
#include "runner/os/find_worker.hpp"
#include "runner/os/worker_process.hpp"
#include "tests/support/crashing_child.hpp"
#include "tests/support/forked_child.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_probe.hpp"
#include "worker/worlds/chaos/misbehave.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

JoustOptions stacks_program() {
  JoustOptions options;
  options.program = fs::path(JOUST_BIN_DIR) / "joust-stacks";
  return options;
}

Finished stacks(const JoustProcess::Arguments& arguments) {
  return joust(arguments, stacks_program());
}

void misbehave(const std::string& entry) {
  worlds::chaos::misbehave(worlds::chaos::parse_script({entry})[0], {});
}

// A child that does what an entry of the chaos world's script says.
class Victim : public ForkedChild {
 public:
  explicit Victim(const std::string& entry) : ForkedChild([&](const Say&) { misbehave(entry); }) {}
};

bool holds(const std::string& text, const std::string& pattern) {
  return std::regex_search(text, std::regex(pattern));
}

// The stacks of a process once they show what is wanted of them: it may be on its way there yet.
Finished stacks_once(int pid, const std::function<bool(const std::string&)>& is_there) {
  Finished found;
  const bool seen = eventually(seconds(20), [&] {
    found = stacks({std::to_string(pid)});
    return is_there(found.out);
  });
  CAPTURE(found.out);
  CAPTURE(found.err);
  CHECK(seen);
  CHECK(found.code == 0);
  CHECK(found.err.empty());
  return found;
}

Finished stacks_with(int pid, const std::string& pattern) {
  return stacks_once(pid, [&](const std::string& out) { return holds(out, pattern); });
}

// The text from each "  thread " to the next.
std::vector<std::string> threads_of(const std::string& text) {
  const std::string mark = "\n  thread ";
  std::vector<std::string> threads;
  for (std::size_t at = text.find(mark); at != std::string::npos;) {
    const std::size_t next = text.find(mark, at + 1);
    threads.push_back(text.substr(at, next == std::string::npos ? next : next - at));
    at = next;
  }
  return threads;
}

int tracer_of(int pid) {
  std::ifstream file(fmt::format("/proc/{}/status", pid));
  for (std::string word; file >> word;) {
    int tracer = 0;
    if (word == "TracerPid:" && file >> tracer) return tracer;
  }
  return -1;
}

}  // namespace

TEST_CASE("a spinning process shows its function, file, line and build id, and spins on") {
  const Victim victim("spin");
  const Finished found =
      stacks_with(victim.pid(),
                  "#[0-9]+ +0x[0-9a-f]{16} joust::worlds::chaos::.*spin\\(.*\\)\\+0x[0-9a-f]+ at "
                  ".*misbehave\\.cpp:[0-9]+ in joust_process_tests\n");
  CAPTURE(found.out);
  CHECK(found.out.starts_with(fmt::format("process {} joust_process", victim.pid())));
  CHECK(holds(found.out, "\n  thread [0-9]+ joust_process_t, state R \\(running\\)\n"));
  CHECK(holds(found.out, "\n  module [0-9a-f]{40} /.*/joust_process_tests\n"));
  CHECK(tracer_of(victim.pid()) == 0);
  CHECK(state_of(victim.pid()) == 'R');
}

TEST_CASE("both threads of a deadlock are shown at their locks") {
  const Victim victim("deadlock");
  const auto at_locks = [](const std::string& out) {
    const auto threads = threads_of(out);
    return std::count_if(threads.begin(), threads.end(), [](const std::string& thread) {
      return holds(thread, "mutex_lock|lll_lock_wait") && holds(thread, "deadlock\\(\\)");
    });
  };
  stacks_once(victim.pid(), [&](const std::string& out) { return at_locks(out) == 2; });
}

TEST_CASE("a blocked read is shown, and goes on afterwards") {
  const Victim victim("block");
  stacks_with(victim.pid(), "read[^\n]*\n(.*\n)*?.*chaos::.*block\\(\\)\\+0x");
  CHECK(eventually(seconds(10), [&] { return state_of(victim.pid()) == 'S'; }));
}

TEST_CASE("a stopped process is shown, stays stopped, and can be continued") {
  ForkedChild child([](const ForkedChild::Say& say) {
    misbehave("stop");
    say("continued");
  });
  int status = 0;
  REQUIRE(::waitpid(child.pid(), &status, WUNTRACED) == child.pid());
  REQUIRE(WIFSTOPPED(status));
  const Finished found = stacks_with(child.pid(), "state T \\(stopped\\)\n(.*\n)*?.*misbehave\\(");
  CHECK(eventually(seconds(10), [&] { return state_of(child.pid()) == 'T'; }));
  CHECK(tracer_of(child.pid()) == 0);
  child.send_signal(SIGCONT);
  const ForkedChild::Ending ending = child.wait();
  CHECK(ending.said == "continued");
  CHECK(ending.exit_code == 0);
}

// The compiler must not make a loop of it.
[[gnu::noinline]] int descend_and_wait(const volatile int& left) {
  const volatile int less = left - 1;
  if (less > 0) return descend_and_wait(less) + less;
  ::pause();
  return less;
}

[[gnu::noinline]] int begin_the_descent(int depth) {
  const volatile int first = depth;
  return descend_and_wait(first) + 1;
}

TEST_CASE("of a deep recursion that goes on the beginning is shown, unless it is too deep") {
  const ForkedChild deep([](const ForkedChild::Say&) { begin_the_descent(3000); });
  stacks_with(deep.pid(),
              "descend_and_wait\\(.*\n    \\(the same frame [0-9]+ times more\\)\n"
              "    \\([0-9]{4} frames are left out\\)\n(.*\n)*?.*#[0-9]{4} .*begin_the_descent");
  const ForkedChild deeper([](const ForkedChild::Say&) { begin_the_descent(30'000); });
  const Finished found = stacks_with(deeper.pid(), "frames or more are left out\\)\n  module ");
  CHECK_FALSE(holds(found.out, "begin_the_descent"));
}

TEST_CASE("descendants are shown after the process itself") {
  ForkedChild parent([](const ForkedChild::Say& say) {
    const pid_t child = ::fork();
    if (child == 0) misbehave("block");
    say(fmt::format("{:<10}", child));
    ::waitpid(child, nullptr, 0);
  });
  REQUIRE(parent.wait_until_said(10));
  const int child = std::stoi(parent.said());
  stacks_with(parent.pid(), fmt::format("^process {} (.*\n)*?process {} (.*\n)*?.*block\\(\\)\\+0x",
                                        parent.pid(), child));
  ::kill(child, SIGKILL);
}

TEST_CASE("a process that does not exist is named, and the others are shown") {
  int ended = 0;
  {
    const Victim victim("block");
    ended = victim.pid();
  }
  const Victim victim("spin");
  const Finished found = stacks({std::to_string(ended), std::to_string(victim.pid())});
  CAPTURE(found.out);
  CHECK(found.code == 1);
  CHECK(found.out.starts_with(fmt::format("process {}: there is no such process\n", ended)));
  CHECK(holds(found.out, fmt::format("\n  thread {} ", victim.pid())));
}

TEST_CASE("a process that may not be traced is told by what the kernel says of it") {
  const Victim victim("block");
  REQUIRE(eventually(seconds(10), [&] { return state_of(victim.pid()) == 'S'; }));
  REQUIRE(::ptrace(PTRACE_SEIZE, victim.pid(), nullptr, nullptr) == 0);  // one tracer at a time
  const Finished found = stacks({std::to_string(victim.pid())});
  CAPTURE(found.out);
  CHECK(found.code == 1);
  CHECK(found.out.find("no stack: Operation not permitted\n") != std::string::npos);
  CHECK(found.out.find("    state S (sleeping)") != std::string::npos);
}

TEST_CASE("a dump that hangs in a system call is cut off") {
  const ScratchFolder folder;
  const std::string pipe = folder.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const Finished found = stacks({"--limit", "50", "--symbolise", pipe});
  CHECK(found.code == 1);
  CHECK(found.out == "cut off: the time limit was reached, the rest is missing\n");
}

TEST_CASE("a dump that takes too long is cut off, and what it had is printed") {
  const Victim victim("spin");
  JoustProcess::Arguments many = {"--limit", "60"};
  many.insert(many.end(), 5000, std::to_string(victim.pid()));
  const Finished found = stacks(many);
  CHECK(found.code == 1);
  CHECK(found.out.starts_with(fmt::format("process {} ", victim.pid())));
  CHECK(found.out.ends_with("cut off: the time limit was reached, the rest is missing\n"));
  CHECK(eventually(seconds(10), [&] { return tracer_of(victim.pid()) == 0; }));
  CHECK(state_of(victim.pid()) == 'R');
}

TEST_CASE("a dump that is killed lets the process go on") {
  const Victim victim("spin");
  JoustProcess::Arguments many = {"--limit", "60000"};
  many.insert(many.end(), 5000, std::to_string(victim.pid()));
  for (int i = 0; i < 10; ++i) {
    JoustProcess dump(many, stacks_program());
    REQUIRE(eventually(seconds(10), [&] { return tracer_of(victim.pid()) == dump.pid(); }));
    dump.signal(SIGKILL);
    CHECK(dump.wait() == -SIGKILL);
    CHECK(eventually(seconds(10), [&] { return state_of(victim.pid()) == 'R'; }));
    CHECK(tracer_of(victim.pid()) == 0);
  }
}

TEST_CASE("a bad command line is refused") {
  for (const JoustProcess::Arguments& words : std::vector<JoustProcess::Arguments>{
           {}, {"x"}, {"0"}, {"-1"}, {"--limit", "0", "1"}, {"--limit"}, {"--symbolise"}}) {
    const Finished found = stacks(words);
    CHECK(found.code == 2);
    CHECK(found.err.starts_with("usage: joust-stacks"));
  }
}

namespace {

Finished symbolised(const std::string& record) {
  const ScratchFolder folder;
  const fs::path file = folder.path() / "record";
  write_text(file, record);
  return stacks({"--symbolise", file.string()});
}

struct CrashStory {
  std::string entry;
  std::string first;  // what the stack begins with
};

// Real names and lines of what crashed and of who called it.
const CrashStory kCrashes[] = {
    {"crash signal=11", "\n    #0  .*\n(.*\n)*?.*chaos::.*crash\\(int\\)\\+0x.*misbehave\\.cpp"},
    {"fault", "\n    #0  .*write_to_null\\(\\)\\+0x.* at .*misbehave\\.cpp:[0-9]+ in "},
    {"null_call", "\n    #0  0x0+ \\?\\? in no module\n    #1  .*call_null\\(\\)\\+0x.*misbehave"},
    {"overflow",
     "\n    #0  .*descend\\(.*\n    #1  .*descend\\(.*\n    \\(the same frame 110 times more\\)\n"
     "    \\([0-9]{4,} frames are left out\\)\n    #[0-9]{4,} .*descend\\(.*\n(.*\n)?"
     "    #[0-9]{4,} .*misbehave\\("},
    {"corrupt", "abort.*\n(.*\n)*?.*corrupt_heap"},
};

// A real worker that plays one world of this script and is gone; what it left in its box.
std::string record_of_worker(const std::string& entry) {
  WorkerBrief brief;
  brief.shape = {2, 2, 1, 1, 1};
  brief.setup.world = "chaos";
  brief.setup.seats = 2;
  brief.setup.competitors = {{"A", "Any", {}}, {"B", "Any", {}}};
  brief.setup.parameters.set("script", std::vector<std::string>{entry});
  brief.setup.parameters.set("work", std::int64_t{0});
  brief.setup.parameters.set("progress", true);
  const std::string text = encode_brief(brief);
  os::Spawner spawner(os::find_worker(), "stacks-test");
  os::ChannelHost channel = os::ChannelHost::create({1, 1 << 16, 1 << 20});
  channel.send_brief(text);
  const os::ChildProcess worker = spawner.start_worker({0, 1}, channel.fds());
  channel.flush();  // the brief is in the ring
  channel.give(1, 0, 1);
  channel.flush();
  const bool ended = eventually(seconds(20), [&] { return os::reap(worker).has_value(); });
  if (!ended) os::kill_tree(worker);
  REQUIRE(ended);
  return channel.black_box();
}

}  // namespace

TEST_CASE("the record of a crash gets its names, from any process and from a real worker") {
  if (kSanitized) {
    MESSAGE("not tested with sanitizers, which have crash handlers of their own");
    return;
  }
  for (const CrashStory& story : kCrashes) {
    CAPTURE(story.entry);
    const std::string in_child = crash_by_chaos(story.entry).record;
    for (const std::string& record : {in_child, record_of_worker(story.entry)}) {
      CAPTURE(record);
      const Finished found = symbolised(record);
      CAPTURE(found.out);
      CHECK(found.code == 0);
      CHECK(found.out.starts_with("joust crash record 1\nsignal "));
      CHECK(holds(found.out, story.first));
      CHECK(holds(found.out, "\n  module [0-9a-f]{40} /"));
    }
  }
}

TEST_CASE("what repeats in a stack is told once, and the frames' numbers go on") {
  std::string record = "pc 0x10\n";
  for (int i = 0; i < 9; ++i) record += "frame 0x20\n";
  for (int i = 0; i < 4; ++i) record += "frame 0x30\nframe 0x40\nframe 0x50\n";
  const std::string top =
      "    #0  0x0000000000000010 ?? in no module\n    #1  0x0000000000000020 ?? in no module\n"
      "    (the same frame 8 times more)\n"
      "    #10 0x0000000000000030 ?? in no module\n    #11 0x0000000000000040 ?? in no module\n"
      "    #12 0x0000000000000050 ?? in no module\n    (the same 3 frames 3 times more)\n";
  CHECK(symbolised(record).out == top);
  CHECK(symbolised(record + "skipped 1000\nframe 0x60\n").out ==
        top + "    (1000 frames are left out)\n    #1022 0x0000000000000060 ?? in no module\n");
  CHECK(symbolised(record + "skipped 1000\n").out ==
        top + "    (1000 frames or more are left out)\n");
}

TEST_CASE("a record of anything is printed without harm") {
  const Finished found = symbolised(
      "signal 11\nframe zero\nframe 0x10\nmodule 0x0 ab /dev/zero\nmodule\n\x1b[2J\nmodule 0x0 ab "
      "/etc/passwd\n");
  CAPTURE(found.out);
  CHECK(found.code == 0);
  CHECK(found.out.starts_with("signal 11\nframe zero\nmodule\n"));
  CHECK(found.out.find('\x1b') == std::string::npos);
  CHECK(found.out.find("#0  0x0000000000000010 ??") != std::string::npos);
  CHECK(found.out.find("names of /dev/zero may be missing or wrong") != std::string::npos);
  CHECK(found.out.find("names of /etc/passwd may be missing or wrong") != std::string::npos);
  CHECK(symbolised("").code == 1);
}

}  // namespace joust::test
