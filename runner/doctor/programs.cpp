#include "runner/doctor/programs.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "common/own_programs.hpp"
#include "common/whole_file.hpp"
#include "runner/machine/programs.hpp"
#include "runner/report/printable.hpp"

namespace joust::doctor {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr Duration kPatience = 10s;  // a cold disk, or one of a network

std::string first_line(const std::string& text, std::size_t number = 0) {
  std::size_t begin = 0;
  for (; number > 0 && begin < text.size(); --number) {
    const std::size_t end = text.find('\n', begin);
    begin = end == std::string::npos ? text.size() : end + 1;
  }
  return report::printable(text.substr(begin, text.find('\n', begin) - begin));
}

// A child that waits to be looked at, and ends with this object.
class Waiting {
 public:
  Waiting() : pid_(::fork()) {
    if (pid_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_PTRACER, ::getppid());  // as workers do
    for (;;) ::pause();
  }
  ~Waiting() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  int pid() const { return pid_; }

 private:
  int pid_;
};

}  // namespace

OwnProgram try_own_program(os::Spawner& spawner, const char* name) {
  const auto places = places_of_program(name);
  OwnProgram program{name, find_own_program(name), {places.begin(), places.end()}, {}};
  if (!program.file.empty()) {
    program.version = ask_program(spawner, program.file, {"--version"}, kPatience);
  }
  return program;
}

Finding check_own_program(const OwnProgram& program, Grade grade, const std::string& use) {
  const std::string cure = use + ": build or install joust again";
  if (program.file.empty()) {
    return {program.name, grade,
            fmt::format("not found; it should be {} or {}", program.places[0].string(),
                        program.places[1].string()),
            cure};
  }
  const std::string file = program.file.string();
  if (!program.version.is_good) {
    return {program.name, grade, fmt::format("{} does not work: {}", file, program.version.trouble),
            cure};
  }
  const std::string version = first_line(program.version.output);
  if (version != program.name + " " JOUST_VERSION) {
    return {program.name, grade,
            fmt::format("{} says '{}' where this is joust {}", file, version, JOUST_VERSION), cure};
  }
  return {program.name, Grade::ok, fmt::format("{} (version {})", file, JOUST_VERSION), use};
}

Stacks try_stacks(os::Spawner& spawner, const fs::path& root) {
  Stacks stacks;
  stacks.yama =
      first_line(read_whole_file(root / "proc/sys/kernel/yama/ptrace_scope").value_or(""));
  const fs::path program = find_own_program("joust-stacks");
  const Waiting child;
  if (program.empty()) {
    stacks.answer.trouble = "there is no joust-stacks";
  } else if (child.pid() < 0) {
    stacks.answer.trouble = std::generic_category().message(errno);
  } else {
    stacks.answer = ask_program(spawner, program, {fmt::format("{}", child.pid())}, kPatience);
  }
  return stacks;
}

Finding check_stacks(const Stacks& stacks) {
  const std::string yama =
      stacks.yama.empty() ? "" : fmt::format(" (kernel.yama.ptrace_scope is {})", stacks.yama);
  if (stacks.answer.is_good) {
    return {"stacks", Grade::ok, "the stack of a child could be taken" + yama,
            "reports say where a world was stuck"};
  }
  std::string meaning = "reports do not say where a world was stuck; nothing else changes";
  if (stacks.yama == "2" || stacks.yama == "3") {
    meaning +=
        ". Root may allow it: 'sysctl kernel.yama.ptrace_scope=1' (from 3 only by a restart)";
  } else {
    meaning += ". A container may forbid it (Docker: --cap-add SYS_PTRACE)";
  }
  return {"stacks", Grade::warning,
          fmt::format("the stack of a child could not be taken: {}{}", stacks.answer.trouble, yama),
          meaning};
}

Python try_python(os::Spawner& spawner, const std::string& path) {
  Python python;
  python.program = machine::find_in_path("python3", path);
  if (python.program.empty()) return python;
  constexpr const char* kQuestion =
      "import sys\n"
      "print('%d.%d.%d' % sys.version_info[:3])\n"
      "try:\n"
      "    import joust\n"
      "    print(joust.__version__)\n"
      "except Exception as error:\n"
      "    print('no:', error)\n";
  python.answer = ask_program(spawner, python.program, {"-B", "-c", kQuestion}, kPatience);
  return python;
}

Finding check_python(const Python& python) {
  const std::string others = "other worlds and agents do not need it";
  if (python.program.empty()) {
    return {"python", Grade::note, "no python3 in PATH",
            "worlds and agents in Python cannot be played; " + others};
  }
  const std::string file = python.program.string();
  if (!python.answer.is_good) {
    return {"python", Grade::warning,
            fmt::format("{} does not work: {}", file, python.answer.trouble),
            "worlds and agents in Python cannot be played; " + others};
  }
  const std::string version = first_line(python.answer.output);
  const std::string package = first_line(python.answer.output, 1);
  if (package.starts_with("no:")) {
    return {"python", Grade::note,
            fmt::format("{} is {}; the package joust cannot be imported ({})", file, version,
                        package.substr(std::min<std::size_t>(package.size(), 4))),
            "specs whose worlds or agents use it need env = { PYTHONPATH = \"...\" }, or 'pip "
            "install tools/python'; " +
                others};
  }
  if (package != JOUST_VERSION) {
    return {"python", Grade::warning,
            fmt::format("{} is {}; its package joust is {}, and this is joust {}", file, version,
                        package, JOUST_VERSION),
            "worlds and agents may fail to understand joust: install the package of this version"};
  }
  return {"python", Grade::ok,
          fmt::format("{} is {}, with the package joust {}", file, version, package),
          "worlds and agents in Python can be played"};
}

}  // namespace joust::doctor
