#include "runner/stacks/live_stacks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/stack_ends.hpp"
#include "runner/os/process_state.hpp"
#include "runner/stacks/output.hpp"
#include "runner/stacks/own_stacks.hpp"
#include "runner/stacks/proc_facts.hpp"
#include "runner/stacks/stopped_threads.hpp"
#include "runner/stacks/symbols.hpp"

namespace joust::stacks {
namespace {

constexpr std::size_t kDeepest = 10'000;  // frames of one thread
constexpr std::size_t kMostThreads = 256;
constexpr std::size_t kMostDescendants = 64;

using Ends = StackEnds<Address>;

int take_frame(Dwfl_Frame* frame, void* argument) {
  auto& ends = *static_cast<Ends*>(argument);
  Dwarf_Addr pc = 0;
  bool is_activation = false;
  if (ends.count() == kDeepest || !dwfl_frame_pc(frame, &pc, &is_activation)) {
    return DWARF_CB_ABORT;
  }
  ends.add({pc, !is_activation});
  return DWARF_CB_OK;
}

// Of a thread that goes deeper than we do, the frames that were reached last are not the outermost
// ones.
Stack stack_of(const Ends& ends) {
  Stack stack;
  const std::size_t told = ends.count() == kDeepest ? Ends::kInner : ends.kept();
  for (std::size_t i = 0; i < told; ++i) {
    (i < Ends::kInner ? stack.inner : stack.outer).push_back(ends[i]);
  }
  stack.left_out = ends.count() - told;
  if (stack.left_out == 0) {
    stack.inner.insert(stack.inner.end(), stack.outer.begin(), stack.outer.end());
    stack.outer.clear();
  }
  return stack;
}

std::string heading(const ThreadFacts& facts) {
  return fmt::format("  thread {} {}, state {}\n", facts.tid, facts.name, state_text(facts.state));
}

// One process whose threads are held still.
class Dump {
 public:
  explicit Dump(int pid) : pid_(pid), held_(pid, kMostThreads) {}

  // False: a stack could not be had.
  bool print_threads() {
    const std::string trouble = attach();
    bool all = true;
    for (const HeldThread& thread : held_.threads()) {
      all = print_thread(thread, thread.still ? trouble : thread.trouble) && all;
    }
    if (held_.left_out() > 0) print(fmt::format("  {} more threads\n", held_.left_out()));
    for (const std::string& module : session_.modules()) {
      print(fmt::format("  module {}\n", module));
    }
    return all && !held_.threads().empty();
  }

 private:
  // Why it failed; empty if it did not.
  std::string attach() {
    if (const int error = dwfl_linux_proc_report(session_.get(), pid_); error != 0) {
      return error > 0 ? std::generic_category().message(error) : dwfl_trouble();
    }
    dwfl_report_end(session_.get(), nullptr, nullptr);
    const int error = dwfl_linux_proc_attach(session_.get(), pid_, true);
    if (error == 0) return "";
    return error > 0 ? std::generic_category().message(error) : dwfl_trouble();
  }

  bool print_thread(const HeldThread& thread, const std::string& trouble) {
    std::string text = heading(thread.facts);
    Ends ends;
    std::string ending = trouble;
    if (trouble.empty() &&
        dwfl_getthread_frames(session_.get(), thread.facts.tid, take_frame, &ends) != 0 &&
        ends.count() < kDeepest) {
      ending = dwfl_trouble();
    }
    for (const std::string& line : session_.describe(stack_of(ends))) text += "    " + line + "\n";
    if (!ending.empty()) {
      text += fmt::format("    {}: {}\n", ends.count() == 0 ? "no stack" : "not further", ending);
    }
    if (ends.count() == 0) text += fmt::format("    {}\n", kernel_text(pid_, thread.facts.tid));
    print(text);
    return ends.count() > 0;
  }

  int pid_;
  Session session_;
  StoppedThreads held_;  // destroyed first: the threads go on before the session's files are closed
};

// False: it does not exist, or the stacks of its threads could not be had.
bool print_process(int pid) {
  const ProcessFacts facts = process_facts(pid);
  if (!facts.exists) {
    print(fmt::format("process {}: there is no such process\n", pid));
    return false;
  }
  print(fmt::format("process {} {} ({}), state {}\n", pid, facts.name, facts.executable,
                    state_text(facts.state)));
  if (facts.state == 'Z') return true;            // it has no stacks any more
  if (facts.state != 'T') print_own_stacks(pid);  // one that is stopped cannot answer
  return Dump(pid).print_threads();
}

}  // namespace

bool print_family(int pid) {
  bool all = print_process(pid);
  const std::vector<int> family = os::descendants(pid);
  const std::size_t count = std::min(family.size(), kMostDescendants);
  for (std::size_t i = 0; i < count; ++i) {
    if (!process_facts(family[i]).exists) continue;  // it has just ended
    all = print_process(family[i]) && all;
  }
  if (family.size() > count) {
    print(fmt::format("{} more descendants of process {}\n", family.size() - count, pid));
  }
  return all;
}

}  // namespace joust::stacks
