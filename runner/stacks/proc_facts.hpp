#pragma once
// What /proc tells about a process and its threads. Text that comes from there is made printable;
// what cannot be read is empty.

#include <string>
#include <vector>

namespace joust::stacks {

struct ThreadFacts {
  int tid = 0;
  std::string name;
  char state = '?';  // the letter of proc(5)
};

struct ProcessFacts {
  bool exists = false;
  std::string name;
  std::string executable;
  char state = '?';
};

ProcessFacts process_facts(int pid);
ThreadFacts thread_facts(int pid, int tid);

// Whether somebody traces the thread.
bool is_traced(int tid);

// In the order in which they were started.
std::vector<int> thread_ids(int pid);

// "S (sleeping)".
std::string state_text(char state);

// Where the kernel says a thread waits: "in do_futex_wait; system call 202 ...". For a thread whose
// stack cannot be had.
std::string kernel_text(int pid, int tid);

}  // namespace joust::stacks
