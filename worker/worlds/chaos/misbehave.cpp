#include "worker/worlds/chaos/misbehave.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <latch>
#include <mutex>
#include <new>
#include <stdexcept>
#include <thread>

#include "common/random.hpp"
#include "common/sanitizer.hpp"

namespace joust::worlds::chaos {
namespace {

// A stray child that nobody finds ends by itself, so that a failed test does not leave it for ever.
constexpr Duration kLongestStray = std::chrono::minutes(10);

void sleep_for(Duration duration) {
  const std::int64_t count = duration.count();
  timespec rest{count / 1'000'000'000, count % 1'000'000'000};
  while (::nanosleep(&rest, &rest) != 0 && errno == EINTR) {
  }
}

// Not inlined, as are all deeds that get a worker stuck: its stacks tell them by their names.
[[gnu::noinline]] void spin(Duration duration) {
  const auto start = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - start < duration) {
  }
}

[[noreturn, gnu::noinline]] void block() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("block: cannot make a pipe");
  while (true) {  // we hold the writing end ourselves: nothing ever comes
    char byte = 0;
    static_cast<void>(::read(ends[0], &byte, 1));
  }
}

[[noreturn, gnu::noinline]] void deadlock() {
  std::mutex first;
  std::mutex second;
  std::latch both_hold(2);
  const auto take = [&both_hold](std::mutex& own, std::mutex& other) {
    const std::lock_guard held(own);
    both_hold.arrive_and_wait();
    const std::lock_guard never_had(other);
  };
  std::thread other(take, std::ref(second), std::ref(first));
  take(first, second);
  std::abort();
}

// A handler that is installed sees the signal, unless it is a sanitizer's, which would make an exit
// code of it.
void make_deadly(int number) {
  struct sigaction action {};
  ::sigaction(number, nullptr, &action);
  if (kSanitized || action.sa_handler == SIG_IGN) ::signal(number, SIG_DFL);
}

[[noreturn, gnu::noinline]] void crash(int number) {
  make_deadly(number);
  sigset_t only{};
  ::sigemptyset(&only);
  ::sigaddset(&only, number);
  ::sigprocmask(SIG_UNBLOCK, &only, nullptr);
  ::raise(number);
  throw std::runtime_error(fmt::format("crash: signal {} does not end a process", number));
}

// The compiler must not see what happens here, or it would refuse or remove it.
[[noreturn]] void corrupt_heap() {
  void* volatile block = std::malloc(64);
  void* first = block;
  void* second = block;
  std::free(first);
  std::free(second);  // NOLINT: the C library aborts here: "double free detected"
  std::abort();
}

// The compiler must not see that nothing comes of it all.
[[gnu::noinline]] std::uint64_t descend(const volatile std::uint64_t& above) {
  if (above == UINT64_MAX) return 0;
  const volatile std::uint64_t depth = above + 1;
  return descend(depth) + depth;
}

[[gnu::noinline]] void call_null() {
  void (*volatile function)() = nullptr;
  function();    // NOLINT(clang-analyzer-core.CallAndMessage): the fault is the point
  std::abort();  // behind the call, so that it is a call and no jump
}

[[gnu::noinline]] void write_to_null() {
  volatile int* volatile nowhere = nullptr;
  *nowhere = 1;  // NOLINT: the fault is the point
}

// Memory that nobody gives back, every page of it in use.
void leak(std::uint64_t size) {
  constexpr std::uint64_t kPiece = 1 << 20;
  constexpr std::uint64_t kPage = 4096;
  for (std::uint64_t done = 0; done < size; done += kPiece) {
    const std::uint64_t piece = std::min(kPiece, size - done);
    void* memory =
        ::mmap(nullptr, piece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    for (std::uint64_t at = 0; at < piece; at += kPage) static_cast<volatile char*>(memory)[at] = 1;
  }
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;  // nobody listens
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void print(const Entry& entry, TaskIndex task) {
  const std::string line = fmt::format("{:.<63}\n", fmt::format("chaos prints for task {} ", task));
  std::string block;
  while (block.size() < (64 << 10)) block += line;
  for (std::uint64_t done = 0; done < entry.size; done += block.size()) {
    const std::string_view piece =
        std::string_view(block).substr(0, std::min<std::uint64_t>(block.size(), entry.size - done));
    if (entry.stream != Stream::err) write_all(STDOUT_FILENO, piece);
    if (entry.stream != Stream::out) write_all(STDERR_FILENO, piece);
  }
}

// Until there are so many processes, each in a session of its own, all forking at once.
void multiply(std::uint64_t processes) {
  while (processes > 1) {
    const std::uint64_t half = processes / 2;
    if (::fork() == 0) {
      ::setsid();
      processes = half;
    } else {
      processes -= half;
    }
  }
}

[[noreturn]] void become_sleep(Duration duration) {
  const std::string seconds =
      fmt::format("{:.9f}", std::chrono::duration<double>(duration).count());
  const std::array<const char*, 3> arguments = {"sleep", seconds.c_str(), nullptr};
  const std::array<const char*, 1> no_environment = {nullptr};
  ::execve("/bin/sleep", const_cast<char**>(arguments.data()),
           const_cast<char**>(no_environment.data()));
  ::_exit(127);
}

// Descendants in sessions of their own, deaf to SIGTERM, that keep all we have open.
void leave_strays(const Entry& entry) {
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("stray: cannot fork");
  if (child > 0) {
    if (entry.kind != StrayKind::child) ::waitpid(child, nullptr, 0);
    return;
  }
  ::signal(SIGTERM, SIG_IGN);
  ::setsid();
  if (entry.kind != StrayKind::child && ::fork() != 0) ::_exit(0);
  multiply(entry.count);
  const Duration duration = std::min(entry.duration, kLongestStray);
  if (entry.kind == StrayKind::bare) become_sleep(duration);
  sleep_for(duration);
  ::_exit(0);
}

}  // namespace

void misbehave(const Entry& entry, const WorldTask& task) {
  switch (entry.action) {
    case Action::sleep_for:
      return sleep_for(entry.duration);
    case Action::spin:
      return spin(entry.duration);
    case Action::block:
      block();
    case Action::deadlock:
      deadlock();
    case Action::crash:
      crash(entry.signal);
    case Action::fault:
      return write_to_null();
    case Action::null_call:
      return call_null();
    case Action::overflow: {
      const volatile std::uint64_t top = 0;
      descend(top);
      return;
    }
    case Action::corrupt:
      corrupt_heap();
    case Action::exit_silently:
      ::_exit(entry.exit_code);
    case Action::stop:
      ::raise(SIGSTOP);
      return;
    case Action::leak:
      return leak(entry.size);
    case Action::print:
      return print(entry, task.index);
    case Action::stray:
      return leave_strays(entry);
    case Action::throw_error:
      if (entry.seat && *entry.seat < task.seats.size()) {
        throw CompetitorFault(*entry.seat, entry.text);
      }
      throw std::runtime_error(entry.text);
    case Action::garbage:
      scribble_over_channel(task.seed);
    case Action::result:
      throw std::logic_error("'result' is no deed of its own");
  }
}

}  // namespace joust::worlds::chaos
