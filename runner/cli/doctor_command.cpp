#include "runner/cli/doctor_command.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <nlohmann/json.hpp>

#include "runner/cli/exit_code.hpp"
#include "runner/cli/terminal.hpp"
#include "runner/doctor/checks.hpp"
#include "runner/machine/processors.hpp"
#include "runner/os/find_worker.hpp"
#include "runner/report/human.hpp"
#include "runner/report/paint.hpp"

namespace joust::cli {
namespace {

using doctor::Finding;
using doctor::Grade;

constexpr std::array kGrades = {Grade::ok, Grade::note, Grade::warning, Grade::problem};

std::uint64_t count_of(Grade grade, const doctor::Findings& findings) {
  return static_cast<std::uint64_t>(
      std::count_if(findings.begin(), findings.end(),
                    [grade](const Finding& each) { return each.grade == grade; }));
}

std::string counted(Grade grade, const doctor::Findings& findings) {
  return report::counted(count_of(grade, findings), doctor::grade_name(grade));
}

std::string painted(Grade grade, const std::string& text, const report::Paint& paint) {
  switch (grade) {
    case Grade::ok:
      return paint.good(text);
    case Grade::note:
      return paint.bold(text);
    case Grade::warning:
    case Grade::problem:
      return paint.alarm(text);
  }
  return text;
}

Examined examine_here(const DoctorArguments& arguments) {
  Examined examined;
  utsname name{};
  ::uname(&name);
  examined.host = name.nodename;
  examined.kernel = name.release;
  std::error_code error;  // this folder was removed
  examined.dir = std::filesystem::absolute(arguments.dir, error).lexically_normal();
  if (error) examined.dir = arguments.dir;
  if (!examined.dir.has_filename()) examined.dir = examined.dir.parent_path();  // "runs/"
  examined.workers =
      arguments.workers > 0 ? arguments.workers : machine::look_at_processors().usable();
  // made before anything else is opened; the programs that it starts are named each time
  os::Spawner spawner("", fmt::format("doctor-{}", ::getpid()));
  examined.findings = doctor::examine({.spawner = spawner,
                                       .root = "/",
                                       .run_directory = arguments.dir,
                                       .workers = examined.workers});
  return examined;
}

}  // namespace

std::string findings_text(const Examined& examined, bool colour) {
  const report::Paint paint(colour);
  std::string text;
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "joust {} on {}, Linux {}; a run of {} in {}\n\n", JOUST_VERSION,
                 examined.host, examined.kernel, report::counted(examined.workers, "worker"),
                 examined.dir.string());
  for (const Finding& each : examined.findings) {
    const std::string grade = fmt::format("{:<8}", doctor::grade_name(each.grade));
    fmt::format_to(out, "{} {:<19}  {}\n", painted(each.grade, grade, paint), each.check,
                   each.found);
    fmt::format_to(out, "{:30}{}\n", "", paint.dim(each.meaning));
  }
  fmt::format_to(out, "\n{}: ",
                 would_work(examined.findings)
                     ? paint.good("a run would work here")
                     : paint.alarm("a run would fail here, see what is called a problem"));
  fmt::format_to(out, "{} ok, {}, {}, {}\n", count_of(Grade::ok, examined.findings),
                 counted(Grade::note, examined.findings),
                 counted(Grade::warning, examined.findings),
                 counted(Grade::problem, examined.findings));
  return text;
}

std::string findings_json(const Examined& examined) {
  using Json = nlohmann::ordered_json;
  Json json = {{"schema", 1},
               {"joust", JOUST_VERSION},
               {"host", examined.host},
               {"kernel", examined.kernel},
               {"dir", examined.dir.string()},
               {"workers", examined.workers},
               {"would_work", would_work(examined.findings)}};
  for (const Grade grade : kGrades) {
    json["counts"][std::string(doctor::grade_name(grade))] = count_of(grade, examined.findings);
  }
  json["findings"] = Json::array();
  for (const Finding& each : examined.findings) {
    json["findings"].push_back({{"check", each.check},
                                {"grade", doctor::grade_name(each.grade)},
                                {"found", each.found},
                                {"meaning", each.meaning}});
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

int doctor_command(const DoctorArguments& arguments) {
  const Examined examined = examine_here(arguments);
  const std::string text = arguments.json ? findings_json(examined)
                                          : findings_text(examined, wants_colour(STDOUT_FILENO));
  std::fputs(text.c_str(), stdout);
  return would_work(examined.findings) ? kAllCounted : kWorldsMissing;
}

}  // namespace joust::cli
