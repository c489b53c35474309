// A process that crashes leaves a record of it and ends by the signal that it would have ended by.

#include "worker/crash_handler.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <regex>
#include <thread>

#include "common/alternate_stack.hpp"
#include "common/channel_layout.hpp"
#include "common/mapping.hpp"
#include "common/ring.hpp"
#include "common/sanitizer.hpp"
#include "common/stack_ends.hpp"
#include "runner/os/channel_host.hpp"
#include "tests/support/crashing_child.hpp"
#include "worker/worlds/chaos/misbehave.hpp"

namespace joust::test {
namespace {

bool matches(const std::string& text, const std::string& pattern) {
  return std::regex_search(text, std::regex(pattern));
}

// Sanitizers have handlers of their own, and ours is not installed.
bool is_skipped() {
  if (kSanitized) MESSAGE("not tested with sanitizers");
  return kSanitized;
}

// Of a record that is complete.
void check_whole(const Crashed& crashed, int signal, const std::string& name) {
  CAPTURE(crashed.record);
  CAPTURE(crashed.printed);
  CHECK(crashed.signal == signal);
  CHECK(crashed.record.starts_with(
      fmt::format("joust crash record 1\nsignal {} {}\ncode ", signal, name)));
  CHECK(matches(crashed.record, "\npc 0x[0-9a-f]+\nframe 0x[0-9a-f]+\nframe 0x[0-9a-f]+\n"));
  CHECK(matches(crashed.record, "\nmodule 0x[0-9a-f]+ [0-9a-f]{16,} /.*joust_unit_tests\n"));
  CHECK(crashed.record.ends_with("\nend\n"));
  const std::string words = fmt::format("joust-worker: signal {} ({})", signal, name);
  CHECK(crashed.printed.find(words) != std::string::npos);
}

}  // namespace

TEST_CASE("each way to crash leaves a record, last words and the signal it always had") {
  if (is_skipped()) return;
  check_whole(crash_by_chaos("crash signal=SEGV"), SIGSEGV, "SIGSEGV");
  check_whole(crash_by_chaos("crash signal=BUS"), SIGBUS, "SIGBUS");
  check_whole(crash_by_chaos("crash signal=FPE"), SIGFPE, "SIGFPE");
  check_whole(crash_by_chaos("crash signal=ILL"), SIGILL, "SIGILL");
  check_whole(crash_by_chaos("crash signal=SYS"), SIGSYS, "SIGSYS");
  check_whole(crash_by_chaos("crash signal=TRAP"), SIGTRAP, "SIGTRAP");
  check_whole(crash_by_chaos("corrupt"), SIGABRT, "SIGABRT");
  check_whole(crash_by_chaos("overflow"), SIGSEGV, "SIGSEGV");
  check_whole(crash_by_chaos("fault"), SIGSEGV, "SIGSEGV");
  check_whole(crash_by_chaos("null_call"), SIGSEGV, "SIGSEGV");
}

TEST_CASE("a fault tells its address, a signal that was sent its sender") {
  if (is_skipped()) return;
  const Crashed fault = crash_by_chaos("fault");
  CHECK(fault.record.find("\naddress 0x0\n") != std::string::npos);
  CHECK(fault.printed == "joust-worker: signal 11 (SIGSEGV) at address 0x0\n");
  const Crashed sent = crash_by_chaos("crash");
  CHECK(matches(sent.record, "\ncode -[0-9]+\nsender [0-9]+\nthread [0-9]+\n"));
  CHECK(sent.printed == "joust-worker: signal 11 (SIGSEGV)\n");
}

TEST_CASE("a call of a null pointer is followed back to its caller") {
  if (is_skipped()) return;
  const Crashed crashed = crash_by_chaos("null_call");
  CHECK(matches(crashed.record, "\npc 0x0\nframe 0x[0-9a-f]{6,}\nframe "));
}

TEST_CASE("of an overflown stack the record has both ends, and how much is left out") {
  if (is_skipped()) return;
  const Crashed crashed = crash_by_chaos("overflow");
  CAPTURE(crashed.record);
  CHECK(matches(crashed.record, "\nframe 0x[0-9a-f]+\nskipped [0-9]{4,}\nframe 0x[0-9a-f]+\n"));
  std::size_t frames = 0;
  for (std::size_t at = 0; (at = crashed.record.find("\nframe ", at)) != std::string::npos; ++at) {
    ++frames;
  }
  CHECK(frames == StackEnds<int>::kInner + StackEnds<int>::kOuter - 1);  // the innermost is the pc
  CHECK(crashed.record.size() <= kBlackBoxText);
}

TEST_CASE("a thread whose stack overflows is recorded when it has an alternate one") {
  if (is_skipped()) return;
  const auto overflow = [] {
    worlds::chaos::misbehave(worlds::chaos::parse_script({"overflow"})[0], {});
  };
  check_whole(crash_by([&](char*) {
                std::thread([&] {
                  const AlternateStack room;
                  overflow();
                }).join();
              }),
              SIGSEGV, "SIGSEGV");
  const Crashed without = crash_by([&](char*) { std::thread(overflow).join(); });
  CHECK(without.signal == SIGSEGV);
  CHECK(without.record.empty());
}

TEST_CASE("a thread without an alternate stack is recorded as itself") {
  if (is_skipped()) return;
  const SharedBox number;
  const Crashed crashed = crash_by([&number](char*) {
    std::thread([&number] {
      *reinterpret_cast<int*>(number.data()) = ::gettid();
      worlds::chaos::misbehave(worlds::chaos::parse_script({"fault"})[0], {});
    }).join();
  });
  check_whole(crashed, SIGSEGV, "SIGSEGV");
  const int tid = *reinterpret_cast<const int*>(number.data());
  CHECK(crashed.record.find(fmt::format("\nthread {}\n", tid)) != std::string::npos);
}

TEST_CASE("a crash of the handler itself ends the process by the first signal") {
  if (is_skipped()) return;
  const Crashed crashed = crash_by([](char* box) {
    ::mprotect(box, kBlackBox, PROT_NONE);
    ::raise(SIGABRT);
  });
  CHECK(crashed.signal == SIGABRT);
  CHECK(crashed.record.empty());
}

TEST_CASE("a handler that cannot print is ended by the first signal, and its record is whole") {
  if (is_skipped()) return;
  const Crashed crashed = crash_by([](char*) {
    std::array<int, 2> nobody_reads{};
    if (::pipe2(nobody_reads.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
    const std::array<char, 4096> filling{};
    while (::write(nobody_reads[1], filling.data(), filling.size()) > 0) {
    }
    ::fcntl(nobody_reads[1], F_SETFL, 0);
    ::dup2(nobody_reads[1], STDERR_FILENO);
    ::raise(SIGBUS);
  });
  CHECK(crashed.signal == SIGBUS);
  CHECK(crashed.record.find("\nthread ") != std::string::npos);
  CHECK(crashed.record.ends_with("\nend\n"));
}

TEST_CASE("a forked child of the process writes nothing into its box") {
  if (is_skipped()) return;
  const SharedBox status;
  const Crashed crashed = crash_by([&status](char*) {
    const pid_t child = ::fork();
    if (child == 0) ::raise(SIGSEGV);
    ::waitpid(child, reinterpret_cast<int*>(status.data()), 0);
    ::_exit(0);
  });
  CHECK(crashed.signal == 0);
  CHECK(crashed.record.empty());
  CHECK(WTERMSIG(*reinterpret_cast<const int*>(status.data())) == SIGSEGV);
}

TEST_CASE("the supervisor reads no more of a black box than it holds") {
  const os::ChannelHost host = os::ChannelHost::create({1, kMinRingCapacity, 1 << 20});
  const Mapping memory(host.fds().worker_memory, worker_memory_size(kMinRingCapacity),
                       Mapping::Access::read_write);
  std::byte* const box = memory.data() + kChannelPage + kMinRingCapacity;
  auto& size = reinterpret_cast<BlackBoxHead*>(box)->size;
  CHECK(host.black_box().empty());
  std::memcpy(box + sizeof(BlackBoxHead), "signal 11", 9);
  size = 9;
  CHECK(host.black_box() == "signal 11");
  for (const std::uint64_t lie : {std::uint64_t{kBlackBox}, UINT64_MAX}) {
    size = lie;
    CHECK(host.black_box().size() == kBlackBoxText);
  }
}

}  // namespace joust::test
