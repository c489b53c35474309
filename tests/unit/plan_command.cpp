#include "runner/cli/plan_command.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/support/spec_files.hpp"

namespace joust {
namespace {

const cli::MachineView machine_of_test = {
    {4, 2.5}, {16ULL << 30, 12ULL << 30, machine::GroupMemory{8ULL << 30, 1ULL << 30}, 0}, {}};

spec::LoadedSpec nine_competitors() {
  std::string text = "[tournament]\nname = \"nine\"\nconfigs = 3\n[world]\nname = \"probe\"\n";
  for (int i = 0; i < 9; ++i) {
    text += "[[competitor]]\ntype = \"Plain\"\nname = \"A" + std::to_string(i) + "\"\n";
  }
  return test::load_text(text, {{}, {}, "2"});
}

TEST_CASE("the plan tells its formula with the numbers, and what each key is") {
  std::ostringstream out;
  CHECK(cli::plan_command(nine_competitors(), machine_of_test, false, out) == 0);
  CAPTURE(out.str());
  CHECK(
      out.str().starts_with("nine: 756 worlds of probe\n"
                            "\n"
                            "  C(9, 3) sets x 3 configurations x 3 rotations x 1 run\n"
                            "  = 84 x 3 x 3 x 1 = 756 worlds\n"
                            "  252 worlds per competitor\n"
                            "  2268 seats in all, each a row of scores\n"
                            "\n"
                            "tournament.name"));
  const auto has_line = [&out](const std::string& line) {
    INFO("looking for: ", line);
    CHECK(out.str().find("\n" + line + "\n") != std::string::npos);
  };
  has_line("tournament.seed                      0                 (default)  at least 0");
  has_line("tournament.configs                   3                            1 to 1000000");
  has_line("competitor.A0.type                   \"Plain\"");
  has_line("world.parameters.integer_range       [50, 200]         (default)  1 to 10000");
  has_line("world.parameters.text_list           [\"a\"]             (default)");
  has_line("workers.count                        2                            from --workers");
  has_line("workers  2: 4 processors may be used, control groups grant the time of 2.5");
  has_line(
      "memory   6.6 GiB for workers = 7.0 GiB that can be had of 8.0 GiB, less 409.6 MiB that "
      "stays "
      "free (the control group has 8.0 GiB and uses 1.0 GiB)");
  has_line(
      "         3.3 GiB for each of 2. The first that plays shows what one takes; the others start "
      "while they fit.");
}

TEST_CASE("in a Slurm job the plan tells what the job was granted, and by which variables") {
  cli::MachineView view = machine_of_test;
  view.processors = {4, std::nullopt, 2};
  view.memory.group.reset();
  view.memory.job = 4ULL << 30;
  view.job = {2, 4ULL << 30, "SLURM_CPUS_PER_TASK", "SLURM_MEM_PER_NODE"};
  std::ostringstream out;
  cli::plan_command(nine_competitors(), view, false, out);
  CAPTURE(out.str());
  CHECK(
      out.str().find("4 processors may be used, Slurm grants this job 2: SLURM_CPUS_PER_TASK\n") !=
      std::string::npos);
  CHECK(out.str().find("4.0 GiB that can be had of 4.0 GiB, less 204.8 MiB that stays free (Slurm "
                       "grants this job 4.0 GiB: SLURM_MEM_PER_NODE)\n") != std::string::npos);
  out.str("");
  cli::plan_command(nine_competitors(), view, true, out);
  const auto machine = nlohmann::json::parse(out.str()).at("machine");
  CHECK(machine.at("job_processors") == 2);
  CHECK(machine.at("job_bytes") == 4ULL << 30);
}

TEST_CASE("letters beyond ASCII do not shift the columns") {
  const std::string text =
      "[tournament]\nname = \"t\"\ncompetitors_per_world = 2\n[world]\nname = \"probe\"\n"
      "[[competitor]]\ntype = \"Tuned\"\nname = \"\xC3\xA9t\xC3\xA9\"\n"
      "[[competitor]]\ntype = \"Tuned\"\n";
  std::ostringstream out;
  cli::plan_command(test::load_text(text), machine_of_test, false, out);
  CAPTURE(out.str());
  std::set<std::size_t> columns;
  std::istringstream lines(out.str());
  for (std::string line; std::getline(lines, line);) {
    const std::size_t mark = line.find("(default)");
    if (mark == std::string::npos) continue;
    columns.insert(mark - 2 * static_cast<std::size_t>(line.find('\xC3') != std::string::npos));
  }
  CHECK(out.str().find("competitor.\"\xC3\xA9t\xC3\xA9\".parameters.level") != std::string::npos);
  CHECK(columns.size() == 1);
}

TEST_CASE("the plan as JSON has the same numbers and keys") {
  const spec::LoadedSpec spec = nine_competitors();
  std::ostringstream out;
  CHECK(cli::plan_command(spec, machine_of_test, true, out) == 0);
  const auto json = nlohmann::json::parse(out.str());
  CHECK(json.at("worlds") == 756);
  CHECK(json.at("worlds_per_competitor") == 252);
  CHECK(json.at("seats") == 2268);
  CHECK(json.at("sets") == 84);
  CHECK(json.at("warnings").empty());
  const auto& machine = json.at("machine");
  CHECK(machine.at("processors") == 4);
  CHECK(machine.at("processor_quota") == 2.5);
  CHECK(machine.at("workers") == 2);
  CHECK(machine.at("group_limit_bytes") == 8ULL << 30);
  CHECK(machine.at("reserve_bytes") == (8ULL << 30) / 20);
  CHECK(machine.at("workers_bytes") == (7ULL << 30) - (8ULL << 30) / 20);
  CHECK(machine.at("budget_bytes").is_null());
  REQUIRE(json.at("keys").size() == spec.keys.size());
  for (std::size_t i = 0; i < spec.keys.size(); ++i) {
    CHECK(json.at("keys").at(i).at("key") == spec.keys[i].key);
    CHECK(json.at("keys").at(i).at("value") == spec.keys[i].value);
    CHECK(json.at("keys").at(i).at("default") == spec.keys[i].is_default);
  }
}

}  // namespace
}  // namespace joust
