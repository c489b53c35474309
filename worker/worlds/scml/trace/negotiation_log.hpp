#pragma once
// All negotiations of a game: negotiations.csv, a row for each in the order in which they ended.

#include <optional>
#include <string>
#include <vector>

#include "common/csv.hpp"
#include "worker/worlds/scml/negotiation.hpp"
#include "worker/worlds/scml/trace/cast.hpp"

namespace joust::worlds::scml {

class NegotiationLog {
 public:
  struct Negotiation {
    NegotiationObserver::Opening opening;
    std::vector<Offer> offers[2];  // of the opener and of the responder
    int last_proposer = -1;        // of the two: 0 or 1; -1: nobody has proposed
    std::optional<Offer> refused;  // was outside the issues, and ended it

    int buyer() const { return opening.opener_buys ? opening.opener : opening.responder; }
    int seller() const { return opening.opener_buys ? opening.responder : opening.opener; }
    // REQUIRES: somebody has proposed.
    const Offer& last_offer() const { return offers[last_proposer].back(); }
  };

  // What the day's negotiations came to.
  struct Totals {
    int opened = 0;
    int agreed = 0;
    int failed = 0;
    int agreed_rounds = 0;  // as negmas counts them: one more for each negotiation
    int failed_rounds = 0;
  };

  // `cast` outlives the log.
  NegotiationLog(const Cast& cast, int rounds);

  // As NegotiationObserver tells it.
  void open(int number, const NegotiationObserver::Opening& opening);
  void propose(int number, int factory, const Offer& offer);
  void refuse(int number, const Offer& offer);
  void end(int day, int number, NegotiationObserver::End end, int rounds, int factory);
  void end_day();

  const Negotiation& negotiation(int number) const {
    return today_[static_cast<std::size_t>(number)];
  }
  const Totals& totals() const { return totals_; }  // of the day
  const std::string& csv() const { return text_; }

 private:
  struct Ending {
    int day;
    int number;
    NegotiationObserver::End end;
    int rounds;
    int factory;
  };
  void write(const Negotiation& negotiation, const Ending& ending);
  void write_parties(CsvRow& row, const Negotiation& negotiation) const;
  void write_state(CsvRow& row, const Negotiation& negotiation, const Ending& ending) const;
  void write_offers(CsvRow& row, const Negotiation& negotiation, const Ending& ending) const;
  const Player& player(int factory) const {
    return cast_.players[static_cast<std::size_t>(factory)];
  }

  const Cast& cast_;
  int rounds_;
  std::vector<Negotiation> today_;
  Totals totals_;
  std::size_t rows_ = 0;
  std::string text_;
};

}  // namespace joust::worlds::scml
