#include "worker/crash_handler.hpp"

#include <elf.h>
#include <link.h>
#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <ctime>

#include "common/alternate_stack.hpp"
#include "common/sanitizer.hpp"
#include "common/stack_ends.hpp"
#include "worker/crash_record.hpp"

namespace joust::worker {
namespace {

constexpr std::array kFatalSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP};
constexpr unsigned kLongestSeconds = 1;
constexpr std::int64_t kLongestWalk = 700;  // ms, of the above
constexpr std::size_t kFramesPerLook = 1024;

// A signal handler is given nothing of ours, so what it needs lies in variables of this file.
char* box = nullptr;
std::size_t box_size = 0;
pid_t owner = 0;               // a forked child inherits the handler, and must not write
std::atomic<int> crasher = 0;  // the thread that is being recorded; 0: none
std::atomic<int> its_signal = 0;

int current_thread() { return static_cast<int>(::syscall(SYS_gettid)); }

void handle(int signal, void (*handler)(int, siginfo_t*, void*)) {
  struct sigaction action {};
  action.sa_sigaction = handler;
  // not deferred: a crash of the handler itself must get to it, too
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  ::sigaction(signal, &action, nullptr);
}

void unblock(int signal) {
  sigset_t only{};
  ::sigemptyset(&only);
  ::sigaddset(&only, signal);
  ::sigprocmask(SIG_UNBLOCK, &only, nullptr);
}

[[noreturn]] void die(int signal) {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  ::sigaction(signal, &action, nullptr);
  unblock(signal);
  ::syscall(SYS_tgkill, ::getpid(), current_thread(), signal);
  ::_exit(128 + signal);  // the first process of a container does not end by a signal of its own
}

void on_deadline(int, siginfo_t*, void*) { die(its_signal.load()); }

const char* name_of(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "SIGSEGV";
    case SIGBUS:
      return "SIGBUS";
    case SIGFPE:
      return "SIGFPE";
    case SIGILL:
      return "SIGILL";
    case SIGABRT:
      return "SIGABRT";
    case SIGSYS:
      return "SIGSYS";
    default:
      return "SIGTRAP";
  }
}

std::int64_t milliseconds_now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
}

struct Walk {
  StackEnds<std::uintptr_t> frames;
  std::uintptr_t from = 0;  // where the interrupted code begins in the walk; 0: take all
  std::int64_t until = 0;   // milliseconds_now()
  bool began = false;
  bool broken_off = false;

  // Whose frames are worth telling: the outermost ones are not those of the walk's end.
  std::size_t told() const {
    return broken_off ? StackEnds<std::uintptr_t>::kInner : frames.kept();
  }
};

_Unwind_Reason_Code visit_frame(_Unwind_Context* context, void* argument) {
  auto& walk = *static_cast<Walk*>(argument);
  const std::uintptr_t address = _Unwind_GetIP(context);
  // the handler's own frames come first
  if (!walk.began && walk.from != 0 && address != walk.from) return _URC_NO_REASON;
  walk.began = true;
  if (address == 0) return _URC_NORMAL_STOP;  // what called the first function
  walk.frames.add(address);
  if (walk.frames.count() % kFramesPerLook != 0) return _URC_NO_REASON;
  walk.broken_off = milliseconds_now() >= walk.until;
  return walk.broken_off ? _URC_NORMAL_STOP : _URC_NO_REASON;
}

bool is_in(const dl_phdr_info& module, std::uintptr_t address, ElfW(Word) flags) {
  for (int i = 0; i < module.dlpi_phnum; ++i) {
    const auto& part = module.dlpi_phdr[i];
    if (part.p_type != PT_LOAD || (part.p_flags & flags) != flags) continue;
    if (address - (module.dlpi_addr + part.p_vaddr) < part.p_memsz) return true;
  }
  return false;
}

// Whether there is code at the address.
bool is_code(std::uintptr_t address) {
  return ::dl_iterate_phdr(
             [](dl_phdr_info* module, std::size_t, void* wanted) {
               return is_in(*module, *static_cast<std::uintptr_t*>(wanted), PF_X) ? 1 : 0;
             },
             &address) != 0;
}

void put_build_id(CrashRecord& record, const dl_phdr_info& module) {
  const auto aligned = [](std::size_t size) { return (size + 3) & ~std::size_t{3}; };
  for (int i = 0; i < module.dlpi_phnum; ++i) {
    if (module.dlpi_phdr[i].p_type != PT_NOTE) continue;
    const auto* at = reinterpret_cast<const unsigned char*>(  // NOLINT(performance-no-int-to-ptr)
        module.dlpi_addr + module.dlpi_phdr[i].p_vaddr);
    const unsigned char* const end = at + module.dlpi_phdr[i].p_memsz;
    ElfW(Nhdr) note;
    while (at + sizeof(note) <= end) {
      std::memcpy(&note, at, sizeof(note));
      at += sizeof(note);
      const unsigned char* const id = at + aligned(note.n_namesz);
      if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(at, "GNU", 4) == 0) {
        record.bytes(id, note.n_descsz);
        return;
      }
      at = id + aligned(note.n_descsz);
    }
  }
  record.text("-");
}

struct ModuleVisit {
  CrashRecord& record;
  const Walk& walk;
  std::uintptr_t pc;
};

int visit_module(dl_phdr_info* module, std::size_t, void* argument) {
  const auto& visit = *static_cast<ModuleVisit*>(argument);
  bool occurs = is_in(*module, visit.pc, PF_X);
  for (std::size_t i = 0; i < visit.walk.told() && !occurs; ++i) {
    occurs = is_in(*module, visit.walk.frames[i], PF_X);
  }
  if (!occurs) return 0;
  visit.record.text("module ").hex(module->dlpi_addr).text(" ");
  put_build_id(visit.record, *module);
  visit.record.text(" ");
  std::array<char, 256> own{};
  if (module->dlpi_name != nullptr && module->dlpi_name[0] != '\0') {
    visit.record.text(module->dlpi_name);
  } else if (::readlink("/proc/self/exe", own.data(), own.size() - 1) > 0) {  // the program itself
    visit.record.text(own.data());
  }
  visit.record.end_line();
  return 0;
}

// The registers of the interrupted code, where they can be read and changed. Elsewhere the walk
// still works, with the handler's frames in front.
class Interrupted {
 public:
#if defined(__x86_64__)
  explicit Interrupted(void* context)
      : registers_(static_cast<ucontext_t*>(context)->uc_mcontext.gregs) {}
  std::uintptr_t pc() const { return static_cast<std::uintptr_t>(registers_[REG_RIP]); }

  // After a call to where there is no code nobody can unwind. The caller's address lies on top of
  // the stack then: makes it look as if the call had returned.
  void undo_call() {
    const auto* stack = reinterpret_cast<const greg_t*>(  // NOLINT(performance-no-int-to-ptr)
        registers_[REG_RSP]);
    saved_pc_ = registers_[REG_RIP];
    registers_[REG_RIP] = *stack;
    registers_[REG_RSP] += static_cast<greg_t>(sizeof(*stack));
    undone_ = true;
  }
  // A core dump should show what was.
  ~Interrupted() {
    if (!undone_) return;
    registers_[REG_RIP] = saved_pc_;
    registers_[REG_RSP] -= static_cast<greg_t>(sizeof(greg_t));
  }
  Interrupted(const Interrupted&) = delete;
  Interrupted& operator=(const Interrupted&) = delete;

 private:
  greg_t* registers_;
  greg_t saved_pc_ = 0;
  bool undone_ = false;
#else
  explicit Interrupted(void*) {}
  std::uintptr_t pc() const { return 0; }
  void undo_call() {}
#endif
};

void put_head(CrashRecord& record, int signal, const siginfo_t& info) {
  record.text("joust crash record 1").end_line();
  record.text("signal ").decimal(signal).text(" ").text(name_of(signal)).end_line();
  record.text("code ").decimal(info.si_code).end_line();
  if (info.si_code > 0) {
    record.text("address ").hex(reinterpret_cast<std::uintptr_t>(info.si_addr)).end_line();
  } else {
    record.text("sender ").decimal(info.si_pid).end_line();
  }
  record.text("thread ").decimal(current_thread()).end_line();
}

// For the log of the attempt.
void say(CrashRecord& record, int signal, const siginfo_t& info) {
  record.text("joust-worker: signal ").decimal(signal).text(" (").text(name_of(signal)).text(")");
  if (info.si_code > 0) {
    record.text(" at address ").hex(reinterpret_cast<std::uintptr_t>(info.si_addr));
  }
  const char* line = nullptr;
  const std::size_t length = record.take_line(line);
  static_cast<void>(!::write(STDERR_FILENO, line, length));
}

void put_frames(CrashRecord& record, const Walk& walk, std::size_t first) {
  const std::size_t inner = std::min(walk.told(), StackEnds<std::uintptr_t>::kInner);
  for (std::size_t i = first; i < inner; ++i) record.text("frame ").hex(walk.frames[i]).end_line();
  const std::size_t skipped = walk.frames.count() - walk.told();
  if (skipped > 0) record.text("skipped ").decimal(static_cast<std::int64_t>(skipped)).end_line();
  for (std::size_t i = inner; i < walk.told(); ++i) {
    record.text("frame ").hex(walk.frames[i]).end_line();
  }
}

void put_stack(CrashRecord& record, void* context) {
  static Walk walk;  // too large for the stack of a thread without an alternate one
  Interrupted interrupted(context);
  const std::uintptr_t pc = interrupted.pc();
  record.text("pc ").hex(pc).end_line();
  const bool lost = !is_code(pc);
  if (lost) interrupted.undo_call();
  walk.from = interrupted.pc();
  walk.until = milliseconds_now() + kLongestWalk;
  _Unwind_Backtrace(visit_frame, &walk);
  put_frames(record, walk, lost ? 0 : 1);  // the first frame is the interrupted code itself
  ModuleVisit visit{record, walk, pc};
  ::dl_iterate_phdr(visit_module, &visit);
  record.text("end").end_line();
}

void on_crash(int signal, siginfo_t* info, void* context) {
  int nobody = 0;
  if (::getpid() != owner) die(signal);
  if (!crasher.compare_exchange_strong(nobody, current_thread())) {
    if (nobody == current_thread()) die(its_signal.load());  // the lines below have crashed
    while (true) ::pause();  // the thread that came first takes the process with it
  }
  its_signal.store(signal);
  handle(SIGALRM, on_deadline);
  unblock(SIGALRM);
  ::alarm(kLongestSeconds);
  CrashRecord record(box, box_size);
  put_head(record, signal, *info);
  put_stack(record, context);
  say(record, signal, *info);  // last: nobody may be reading what we print
  die(signal);
}

}  // namespace

void install_crash_handler(char* own_box, std::size_t size) {
  if (kSanitized) return;
  box = own_box;
  box_size = size;
  owner = ::getpid();
  static const AlternateStack of_this_thread;
  for (const int signal : kFatalSignals) handle(signal, on_crash);
}

}  // namespace joust::worker
