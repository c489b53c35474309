// Writes a made-up run's folder and its HTML report, for the browser test to look at.
//   joust_report_page CASE FOLDER
// CASE: brief (a hundred worlds in two seconds), story (few worlds, all kinds of trouble, awkward
// names), alike (30 competitors with long names that differ at their ends), large (10,000 worlds of
// 26 competitors), million (10^6 worlds), crowd (120 competitors), throng (110, each with each),
// multitude (600), old (no moments, no samples), empty.

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <fstream>

#include "runner/report/html/html_report.hpp"
#include "tests/support/course_record.hpp"

using namespace joust;

namespace {

std::vector<std::string> numbered(std::size_t count, std::string_view name = "Agent") {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(fmt::format("{}{:03}", name, i));
  return names;
}

// Two configurations, so that pairs can be compared.
test::CourseOptions each_with_each(std::size_t competitors) {
  test::CourseOptions options;
  options.names = numbered(competitors, "EqualDistOneS/hotAgent.Number_");
  options.per_world = 2;
  options.configs = 2;
  options.slots = 64;
  options.fail_every = 11;
  options.quarantined = 400;
  return options;
}

test::CourseOptions story() {
  test::CourseOptions options;
  options.names = {"Greedy",
                   "<script>alert(1)</script>",
                   "Bob, \"the 'Builder'\" & sons",
                   "Quiet\x07 & \033[31mred\033[0m",
                   "Very" + std::string(90, '-') + "long",
                   "\xE5\x90\x8D\xE5\x89\x8D",
                   "v1.2"};
  options.quarantined = 4;
  options.unplayed = 30;
  return options;
}

test::CourseOptions options_of(const std::string& name) {
  test::CourseOptions options;
  if (name == "story") return story();
  if (name == "brief") {
    options.names = numbered(4);
    options.configs = 9;
    options.slots = 16;
    options.fail_every = 10;
    return options;
  }
  if (name == "alike") return each_with_each(30);
  if (name == "throng") return each_with_each(110);
  if (name == "multitude") return each_with_each(600);
  if (name == "large") {
    // C(26,2) * 2 * 16 = 10,400 worlds
    options.names = numbered(26);
    options.per_world = 2;
    options.configs = 16;
    options.slots = 32;
    options.quarantined = 60;
  } else if (name == "crowd") {
    // C(120,2) * 2 = 14,280 worlds
    options.names = numbered(120);
    options.per_world = 2;
    options.configs = 1;
    options.slots = 64;
    options.quarantined = 60;
  } else if (name == "million") {
    // C(21,2) * 2 * 2400 = 1,008,000 worlds
    options.names = numbered(21);
    options.per_world = 2;
    options.configs = 2400;
    options.slots = 256;
    options.fail_every = 701;
    options.quarantined = 300;
  } else if (name == "old") {
    options.names = numbered(5);
    options.with_moments = false;
  } else if (name == "empty") {
    options.names = numbered(3);
    options.fail_every = 0;
    options.unplayed = 12;
  } else {
    options.names.clear();
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const test::CourseOptions options = options_of(argc == 3 ? argv[1] : "");
  if (options.names.empty()) {
    std::fputs(
        "usage: joust_report_page brief|story|alike|large|crowd|throng|multitude|million|old|empty "
        "FOLDER\n",
        stderr);
    return 2;
  }
  const std::filesystem::path dir(argv[2]);
  std::filesystem::create_directories(dir);
  const test::CourseRecord record(options);
  if (std::string(argv[1]) != "old" && std::string(argv[1]) != "empty") record.write_files(dir);
  report::ReportOptions show;
  show.dir = dir.string();
  show.worst = 40;
  const report::Report report =
      report::build_report(show, record.tournament(), record.plan(), record);
  const auto begin = std::chrono::steady_clock::now();
  const report::RunDetail detail =
      report::gather_detail(report, record.tournament(), record.plan(), record);
  const auto gathered = std::chrono::steady_clock::now();
  const std::string page = report::html_report(report, detail);
  const auto written = std::chrono::steady_clock::now();
  std::ofstream(dir / "page.html", std::ios::binary) << page;
  const auto seconds = [](auto from, auto to) {
    return std::chrono::duration<double>(to - from).count();
  };
  fmt::print("worlds={} competitors={} bytes={} gather_s={:.3f} write_s={:.3f}\n",
             record.plan().worlds(), options.names.size(), page.size(), seconds(begin, gathered),
             seconds(gathered, written));
  return 0;
}
