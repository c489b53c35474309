#pragma once
// `joust doctor [DIR]`: what this machine is, seen from a run (runner/doctor/README.md).

#include <cstdint>
#include <filesystem>
#include <string>

#include "runner/doctor/finding.hpp"

namespace joust::cli {

struct DoctorArguments {
  std::filesystem::path dir = ".";  // where runs would be made; it need not exist
  std::uint32_t workers = 0;        // that a run would have; 0: one for each processor
  bool json = false;
};

// Returns the exit code: 0 when a run would work, 3 when it would not. REQUIRES: what
// doctor::examine() does.
int doctor_command(const DoctorArguments& arguments);

// What was looked at.
struct Examined {
  std::string host;
  std::string kernel;
  std::filesystem::path dir;
  std::uint32_t workers = 1;
  doctor::Findings findings;
};

// For people, in columns; with colours when `colour`.
std::string findings_text(const Examined& examined, bool colour);

// As one JSON object.
std::string findings_json(const Examined& examined);

}  // namespace joust::cli
