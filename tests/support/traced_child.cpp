#include "tests/support/traced_child.hpp"

#include <dlfcn.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <set>
#include <stdexcept>
#include <system_error>

#include "common/crc32c.hpp"
#include "common/tournament.hpp"

namespace joust::test {
namespace {

[[noreturn]] void fail(const char* step) {
  throw std::system_error(errno, std::generic_category(), step);
}

// Parent and child take turns: each step is several times faster where they need not wake each
// other on another processor.
void stay_on_one_processor() {
  cpu_set_t set;
  CPU_ZERO(&set);
  const int here = ::sched_getcpu();
  CPU_SET(static_cast<std::size_t>(here < 0 ? 0 : here), &set);
  ::sched_setaffinity(0, sizeof set, &set);
}

user_regs_struct registers_of(pid_t pid) {
  user_regs_struct registers{};
  if (::ptrace(PTRACE_GETREGS, pid, nullptr, &registers) != 0) fail("ptrace(PTRACE_GETREGS)");
  return registers;
}

// Those that take the number of bytes (or, of decode_brief, a pointer) as their third argument. The
// child is a copy of this process:
// they lie at the same places.
const std::set<std::uint64_t>& bulk_functions() {
  static const std::set<std::uint64_t> functions = [] {
    std::set<std::uint64_t> found = {reinterpret_cast<std::uint64_t>(&crc32c),
                                     reinterpret_cast<std::uint64_t>(&decode_brief)};
    for (const char* name : {"memcpy", "memmove", "memset"}) {
      found.insert(reinterpret_cast<std::uint64_t>(::dlsym(RTLD_DEFAULT, name)));
    }
    return found;
  }();
  return functions;
}

}  // namespace

TracedChild::TracedChild(const std::function<void()>& body) {
  stay_on_one_processor();
  std::fflush(stdout);  // else the child would print what waits there again
  pid_ = ::fork();
  if (pid_ < 0) fail("fork");
  if (pid_ == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(9);
    ::raise(SIGSTOP);
    body();
    ::_exit(0);
  }
  if (wait() != Stop::standing) throw std::runtime_error("ptrace is not allowed here");
  if (::ptrace(PTRACE_SETOPTIONS, pid_, nullptr, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD) != 0) {
    fail("ptrace(PTRACE_SETOPTIONS)");
  }
}

TracedChild::~TracedChild() {
  if (pid_ > 0) kill();
}

TracedChild::Stop TracedChild::wait() {
  int status = 0;
  if (::waitpid(pid_, &status, __WALL) != pid_) fail("waitpid");
  if (WIFSTOPPED(status)) return Stop::standing;
  pid_ = -1;
  return Stop::exited;
}

TracedChild::Stop TracedChild::step() {
  if (::ptrace(PTRACE_SINGLESTEP, pid_, nullptr, nullptr) != 0) fail("ptrace(PTRACE_SINGLESTEP)");
  return wait();
}

TracedChild::Stop TracedChild::run_to_read(int fd) {
  while (true) {
    if (::ptrace(PTRACE_SYSCALL, pid_, nullptr, nullptr) != 0) fail("ptrace(PTRACE_SYSCALL)");
    if (wait() == Stop::exited) return Stop::exited;
    const user_regs_struct registers = registers_of(pid_);
    // at the entry of a system call rax holds -ENOSYS
    const bool is_entry = registers.rax == static_cast<unsigned long long>(-ENOSYS);
    if (is_entry && registers.orig_rax == SYS_read &&
        registers.rdi == static_cast<unsigned long long>(fd)) {
      return Stop::standing;
    }
  }
}

bool TracedChild::is_at_bulk_work() const {
  constexpr std::uint64_t kMany = 256;
  const user_regs_struct registers = registers_of(pid_);
  return registers.rdx >= kMany && bulk_functions().contains(registers.rip);
}

TracedChild::Stop TracedChild::finish_bulk_work() {
  user_regs_struct registers = registers_of(pid_);
  const long back = ::ptrace(PTRACE_PEEKDATA, pid_, registers.rsp, nullptr);
  const long code = ::ptrace(PTRACE_PEEKTEXT, pid_, back, nullptr);
  constexpr long kBreakpoint = 0xCC;
  ::ptrace(PTRACE_POKETEXT, pid_, back, (code & ~0xFFL) | kBreakpoint);
  if (::ptrace(PTRACE_CONT, pid_, nullptr, nullptr) != 0) fail("ptrace(PTRACE_CONT)");
  if (wait() == Stop::exited) return Stop::exited;
  ::ptrace(PTRACE_POKETEXT, pid_, back, code);
  registers = registers_of(pid_);
  registers.rip = static_cast<unsigned long long>(back);
  if (::ptrace(PTRACE_SETREGS, pid_, nullptr, &registers) != 0) fail("ptrace(PTRACE_SETREGS)");
  return Stop::standing;
}

bool TracedChild::is_at_read(int fd) const {
  const user_regs_struct registers = registers_of(pid_);
  if (registers.rax != SYS_read || registers.rdi != static_cast<unsigned long long>(fd)) {
    return false;
  }
  // the child's code is a copy of ours, at the same addresses
  constexpr std::uint16_t kSyscall = 0x050F;
  std::uint16_t opcode = 0;
  std::memcpy(&opcode, reinterpret_cast<const void*>(registers.rip), sizeof opcode);
  return opcode == kSyscall;
}

void TracedChild::kill() {
  ::kill(pid_, SIGKILL);
  while (pid_ > 0) wait();
}

}  // namespace joust::test
