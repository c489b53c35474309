#pragma once
// The programs that a run starts, or may start.

#include <filesystem>
#include <string>
#include <vector>

#include "runner/doctor/ask_program.hpp"
#include "runner/doctor/finding.hpp"

namespace joust::doctor {

// A program that belongs to joust.
struct OwnProgram {
  std::string name;
  std::filesystem::path file;                 // empty: it was not found
  std::vector<std::filesystem::path> places;  // where it was looked for
  Answer version;                             // to --version
};

OwnProgram try_own_program(os::Spawner& spawner, const char* name);

// `grade` is for what is missing or of another version; `use` says what it is for.
Finding check_own_program(const OwnProgram& program, Grade grade, const std::string& use);

// Whether the stacks of a process of ours can be taken.
struct Stacks {
  Answer answer;     // of joust-stacks, about a child of this process
  std::string yama;  // kernel.yama.ptrace_scope; empty: the kernel has no such limit
};

// `root` is where /proc is looked for. REQUIRES: this process has one thread.
Stacks try_stacks(os::Spawner& spawner, const std::filesystem::path& root);

Finding check_stacks(const Stacks& stacks);

struct Python {
  std::filesystem::path program;  // python3 in PATH; empty: none
  Answer answer;                  // two lines: its version, and that of the package, or why not
};

Python try_python(os::Spawner& spawner, const std::string& path);

Finding check_python(const Python& python);

}  // namespace joust::doctor
