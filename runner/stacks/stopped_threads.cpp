#include "runner/stacks/stopped_threads.hpp"

#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace joust::stacks {
namespace {

constexpr auto kPatience = std::chrono::milliseconds(200);
constexpr auto kOtherTracer = std::chrono::milliseconds(500);
constexpr timespec kLookAgain{0, 50'000};

bool ask(int request, int tid, std::uintptr_t data) {
  return ::ptrace(static_cast<__ptrace_request>(request), tid, nullptr,
                  reinterpret_cast<void*>(data)) == 0;  // NOLINT(performance-no-int-to-ptr)
}

// Another joust-stacks may be looking at the same process, but not for long.
bool seize(int tid) {
  const auto end = std::chrono::steady_clock::now() + kOtherTracer;
  while (!ask(PTRACE_SEIZE, tid, 0)) {
    if (errno != EPERM || std::chrono::steady_clock::now() >= end) return false;
    if (!is_traced(tid)) {
      errno = EPERM;
      return false;
    }
    ::nanosleep(&kLookAgain, nullptr);
  }
  return true;
}

HeldThread hold(int pid, int tid) {
  HeldThread thread;
  thread.facts = thread_facts(pid, tid);
  thread.attached = seize(tid);
  if (!thread.attached || !ask(PTRACE_INTERRUPT, tid, 0)) thread.trouble = std::strerror(errno);
  return thread;
}

// Whether it is known now how the thread stands.
bool look(HeldThread& thread) {
  int status = 0;
  const int found = ::waitpid(thread.facts.tid, &status, __WALL | WNOHANG);
  if (found == 0) return false;
  if (found < 0 || !WIFSTOPPED(status)) {
    thread.attached = false;
    thread.trouble = "it has ended";
    return true;
  }
  thread.still = true;
  if (status >> 16 != PTRACE_EVENT_STOP) thread.signal = WSTOPSIG(status);
  return true;
}

}  // namespace

StoppedThreads::StoppedThreads(int pid, std::size_t most) {
  // those that still ran may have started others
  while (take_new_ones(pid, most)) wait_until_still();
}

bool StoppedThreads::take_new_ones(int pid, std::size_t most) {
  const std::size_t before = threads_.size();
  left_out_ = 0;
  for (const int tid : thread_ids(pid)) {
    const auto is_it = [tid](const HeldThread& thread) { return thread.facts.tid == tid; };
    if (std::any_of(threads_.begin(), threads_.end(), is_it)) continue;
    if (threads_.size() == most) {
      ++left_out_;
    } else {
      threads_.push_back(hold(pid, tid));
    }
  }
  return threads_.size() > before;
}

void StoppedThreads::wait_until_still() {
  std::vector<HeldThread*> awaited;
  for (HeldThread& thread : threads_) {
    if (thread.attached && !thread.still && thread.trouble.empty()) awaited.push_back(&thread);
  }
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (true) {
    std::erase_if(awaited, [](HeldThread* thread) { return look(*thread); });
    if (awaited.empty()) return;
    if (std::chrono::steady_clock::now() >= end) break;
    ::nanosleep(&kLookAgain, nullptr);
  }
  for (HeldThread* thread : awaited) thread->trouble = "it does not stand still";
}

StoppedThreads::~StoppedThreads() {
  for (const HeldThread& thread : threads_) {
    // one that does not stand still cannot be let go; the kernel does that when this process ends
    if (thread.attached) {
      ask(PTRACE_DETACH, thread.facts.tid, static_cast<std::uintptr_t>(thread.signal));
    }
  }
}

}  // namespace joust::stacks
