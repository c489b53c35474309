#pragma once
// A run's journal as the report and the tables read it.

#include "runner/journal/reader.hpp"
#include "runner/report/run_record.hpp"

namespace joust::report {

class JournalRecord : public RunRecord {
 public:
  // The reader outlives the record.
  explicit JournalRecord(const journal::Reader& reader) : reader_(reader) {}

  void for_each_result(const std::function<void(const journal::ResultRow&)>& visit) const override {
    reader_.for_each_result(visit);
  }
  void for_each_failed_attempt(
      const std::function<void(const journal::FailedAttempt&)>& visit) const override {
    reader_.for_each_failed_attempt(visit);
  }
  std::vector<journal::QuarantineRow> quarantined() const override { return reader_.quarantined(); }
  std::vector<journal::Session> sessions() const override { return reader_.sessions(); }
  std::vector<journal::WorkerStart> worker_starts() const override {
    return reader_.worker_starts();
  }
  std::vector<journal::WorkerEnd> worker_ends() const override { return reader_.worker_ends(); }
  std::vector<std::string> damage() const override { return reader_.damage(); }

 private:
  const journal::Reader& reader_;
};

}  // namespace joust::report
