#include "runner/doctor/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "runner/doctor/containment.hpp"
#include "runner/doctor/kernel.hpp"
#include "runner/doctor/limits.hpp"
#include "runner/doctor/memory.hpp"
#include "runner/doctor/programs.hpp"
#include "runner/doctor/slurm.hpp"
#include "runner/doctor/storage.hpp"
#include "runner/journal/scratch_journal.hpp"
#include "runner/machine/memory.hpp"
#include "runner/machine/processors.hpp"

namespace joust::doctor {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The one that a run would use; where there is none, what is wrong with the first that it looks at.
std::filesystem::path scratch_folder() {
  if (const auto found = journal::default_scratch()) return *found;
  const std::string folder = variable("TMPDIR");
  return folder.empty() ? "/tmp" : folder;
}

void add_kernel(const Subject& subject, Findings& findings) {
  findings = check_kernel(kernel_features());
  findings.push_back(check_proc(subject.root));
  findings.push_back(check_clock(try_clock(subject.root)));
  findings.push_back(check_containment(try_containment()));
}

void add_limits(const Subject& subject, Findings& findings) {
  const Limits limits = read_limits();
  findings.push_back(check_open_files(limits, subject.workers));
  findings.push_back(check_processes(count_processes(limits, subject.root), subject.workers));
  for (Finding& other : check_other_limits(limits)) findings.push_back(std::move(other));
}

void add_machine(const Subject& subject, Findings& findings) {
  findings.push_back(check_processors(machine::look_at_processors(subject.root), subject.workers));
  findings.push_back(check_memory(machine::MemoryGauge(subject.root).look(), subject.workers));
  findings.push_back(check_swap(subject.root));
  findings.push_back(check_overcommit(subject.root));
  findings.push_back(check_run_directory(try_storage(subject.run_directory)));
  findings.push_back(check_scratch(try_storage(scratch_folder())));
}

void add_programs(const Subject& subject, Findings& findings) {
  struct Own {
    const char* name;
    Grade grade;
    const char* use;
  };
  constexpr std::array<Own, 3> kOwn = {
      {{"joust-worker", Grade::problem, "it plays the worlds"},
       {"joust-plugin-worker", Grade::warning,
        "it plays worlds and agents that are shared libraries"},
       {"joust-stacks", Grade::warning, "it says where worlds are stuck"}}};
  for (const Own& own : kOwn) {
    findings.push_back(
        check_own_program(try_own_program(subject.spawner, own.name), own.grade, own.use));
  }
  findings.push_back(check_stacks(try_stacks(subject.spawner, subject.root)));
  findings.push_back(check_python(try_python(subject.spawner, variable("PATH"))));
  const auto environment = [](const char* name) -> const char* { return std::getenv(name); };
  findings.push_back(
      check_slurm(find_slurm(environment), machine::look_at_processors(subject.root).allowed));
}

}  // namespace

std::string_view grade_name(Grade grade) {
  constexpr std::array<std::string_view, 4> kNames = {"ok", "note", "warning", "problem"};
  return kNames[static_cast<std::size_t>(grade)];
}

Findings examine(const Subject& subject) {
  Findings findings;
  add_kernel(subject, findings);
  add_limits(subject, findings);
  add_machine(subject, findings);
  add_programs(subject, findings);
  return findings;
}

bool would_work(const Findings& findings) {
  return std::none_of(findings.begin(), findings.end(),
                      [](const Finding& each) { return each.grade == Grade::problem; });
}

}  // namespace joust::doctor
