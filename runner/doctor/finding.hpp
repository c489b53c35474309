#pragma once
// What 'joust doctor' says of one thing: what it found, and what that means for a run.

#include <string>
#include <string_view>
#include <vector>

namespace joust::doctor {

enum class Grade {
  ok,
  note,     // a run works as it should, but somebody may want to know
  warning,  // a run works, but something will be worse than it could be
  problem,  // a run would fail
};

// "ok", "note", "warning", "problem".
std::string_view grade_name(Grade grade);

struct Finding {
  std::string check;  // what was looked at, such as "open files"; the README beside this lists them
  Grade grade = Grade::ok;
  std::string found;    // one line
  std::string meaning;  // one line: what it means for a run, and what to do
};

using Findings = std::vector<Finding>;

}  // namespace joust::doctor
