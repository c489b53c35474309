#include "runner/report/failures_table.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/csv.hpp"
#include "runner/report/human.hpp"
#include "runner/report/printable.hpp"

namespace joust::report {
namespace {

class FailuresTable {
 public:
  FailuresTable(scoring::AtomicFile& file, const Tournament& tournament, const Plan& plan,
                const std::optional<Disqualification>& rule)
      : file_(file), competitors_(tournament.setup.competitors), plan_(plan), rule_(rule) {
    file_.write(csv_line({"task", "run_id", "attempt", "cause", "detail", "charged", "competitors",
                          "culprit", "slot", "epoch", "seconds", "at", "log", "stack", "void"}));
  }

  void add(const journal::FailedAttempt& row) {
    const bool is_planned = row.task < plan_.worlds();
    seats_.clear();
    if (is_planned) plan_.seats(plan_.cell(row.task), seats_);
    row_.integer(row.task)
        .text(is_planned ? plan_.run_id(row.task) : "")
        .integer(row.attempt)
        .text(cause_name(row.cause))
        .text(printable(row.detail))
        .text(row.charged ? "True" : "False")
        .text(seated())
        .text(culprit(row))
        .integer(row.slot)
        .integer(row.epoch)
        .number(std::chrono::duration<double>(row.played).count())
        .text(row.at == 0 ? "" : iso_time(row.at))
        .text(printable(row.log))
        .text(printable(row.stack))
        .text(is_planned && rule_ && rule_->void_for(row.task) ? "True" : "False");
    file_.write(row_.finish());
    row_.clear();
  }

 private:
  // A JSON array, because names may hold any separator.
  std::string seated() const {
    nlohmann::json names = nlohmann::json::array();
    for (const std::uint32_t seat : seats_) names.push_back(competitors_[seat].name);
    return names.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }

  std::string culprit(const journal::FailedAttempt& row) const {
    const bool named =
        row.culprit && std::find(seats_.begin(), seats_.end(), *row.culprit) != seats_.end();
    return named ? competitors_[*row.culprit].name : "";
  }

  scoring::AtomicFile& file_;
  const std::vector<Competitor>& competitors_;
  const Plan& plan_;
  const std::optional<Disqualification>& rule_;
  std::vector<std::uint32_t> seats_;
  CsvRow row_;
};

}  // namespace

void write_failures(scoring::AtomicFile& file, const Tournament& tournament, const Plan& plan,
                    const RunRecord& record, const std::optional<Disqualification>& rule) {
  FailuresTable table(file, tournament, plan, rule);
  record.for_each_failed_attempt([&](const journal::FailedAttempt& row) { table.add(row); });
}

}  // namespace joust::report
