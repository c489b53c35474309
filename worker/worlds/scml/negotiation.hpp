#pragma once
// Bilateral negotiations by alternating offers, all of a day's at once.
//
// A round of a negotiation: the opener acts, then the responder. To act is to accept the partner's
// offer (the agreement binds at once), to propose another, or to end the negotiation; a proposal
// outside the issues ends it too. The opener of a negotiation proposes first. A negotiation that
// has gone through all its rounds has timed out.
//
// The table passes over the live negotiations in the order of their creation and gives each one
// round, again and again. An agent that is synchronous answers all its negotiations together: it
// lets each wait until it holds an offer in all of them, and a negotiation with a waiting party
// goes on in a later pass from where it stood. So that nobody waits for ever, an agent waits in one
// negotiation at most as many times as it has live negotiations; then it must answer with the
// offers it holds.

#include <cstdint>
#include <span>
#include <vector>

namespace joust::worlds::scml {

struct Offer {
  int quantity = 0;
  int day = 0;  // of delivery
  int unit_price = 0;
  bool operator==(const Offer&) const = default;
};

struct Issue {  // both ends included
  int low = 0;
  int high = 0;
  bool contains(int value) const { return low <= value && value <= high; }
};

struct Issues {
  Issue quantity;
  Issue day;
  Issue unit_price;
  bool contains(const Offer& offer) const {
    return quantity.contains(offer.quantity) && day.contains(offer.day) &&
           unit_price.contains(offer.unit_price);
  }
};

// One live negotiation as the agent sees it whose turn it is.
struct Talk {
  int partner = 0;       // factory
  int round = 0;         // of this negotiation
  bool selling = false;  // the agent would be the seller
  bool has_offer = false;
  Offer offer;  // the partner's; only if has_offer
};

struct Reply {
  enum class Kind { end, accept, propose };
  Kind kind = Kind::end;
  Offer offer;  // only to propose

  static Reply end() { return {}; }
  static Reply accept() { return {Kind::accept, {}}; }
  static Reply propose(const Offer& offer) { return {Kind::propose, offer}; }
};

struct Contract {
  int buyer = 0;  // factory
  int seller = 0;
  int product = 0;
  Offer terms;
  bool nullified = false;  // a party went bankrupt before the delivery
};

// The side that the table calls on; implemented by the simulation.
class NegotiationParties {
 public:
  virtual ~NegotiationParties() = default;
  // Whether the agent answers all its negotiations together. If not it is asked one by one, so that
  // what it agreed to in one is known in the next.
  virtual bool synchronous(int factory) const = 0;
  // The talks of a synchronous agent are all its live ones: first those with an offer in the order
  // of their arrival, then any whose next offer it could not wait for; its reply to those counts
  // when that offer has come.
  virtual void act(int factory, std::span<const Talk> talks, std::span<Reply> replies) = 0;
  virtual void agreed(const Contract& contract) = 0;
};

// Sees the negotiations of a day as they go. A negotiation's number counts those opened before it.
class NegotiationObserver {
 public:
  enum class End { agreed, broken, timed_out };
  struct Opening {
    int opener = 0;  // factory
    int responder = 0;
    bool opener_buys = false;
    int product = 0;
    Issues issues;
  };
  virtual ~NegotiationObserver() = default;
  virtual void on_open(int number, const Opening& opening) = 0;
  // Within the issues.
  virtual void on_proposal(int number, int factory, const Offer& offer) = 0;
  // Outside of them, which ends the negotiation.
  virtual void on_refused(int number, int factory, const Offer& offer) = 0;
  // `rounds`: gone through, with the one in which it ended. `factory` accepted the last proposal or
  // ended the negotiation; -1: its time ended it.
  virtual void on_end(int number, End end, int rounds, int factory) = 0;
};

// The negotiations of one day. Reuses its memory from day to day; run() allocates none.
class NegotiationTable {
 public:
  struct Counts {
    int opened = 0;
    int agreed = 0;
    int timed_out = 0;
    int broken() const { return opened - agreed - timed_out; }
  };

  // The negotiations of one factory.
  struct Tally {
    std::uint64_t opened = 0;     // by this factory
    std::uint64_t took_part = 0;  // opened by either side
    std::uint64_t agreed = 0;
    std::uint64_t timed_out = 0;
  };

  NegotiationTable(int factories, int rounds);

  // From now on. Null: nobody; the observer outlives the table.
  void watch(NegotiationObserver* observer) { observer_ = observer; }

  void clear();
  // REQUIRES: `issues` outlives the day. `product` is what the seller makes and the buyer needs.
  void open(int opener, int responder, bool opener_buys, int product, const Issues& issues);
  // The factory expects one more negotiation today, which never comes about: if it is synchronous
  // it waits for that one's offers, too, as long as it may.
  void expect_in_vain(int factory) { ++party(factory).in_vain; }
  // Runs the day's negotiations to their end, or, if `most_passes` > 0, until there were that many
  // passes over them; what is then still open has timed out.
  void run(int most_passes, NegotiationParties& parties);

  const Counts& counts() const { return counts_; }  // since the last clear()
  const Tally& tally(std::size_t factory) const { return parties_[factory].tally; }  // of all days

 private:
  // One party's side of a negotiation. The middle three are used by synchronous agents only.
  struct Side {
    int factory = 0;
    bool holds_offer = false;  // the agent was shown the current offer and is still to answer it
    bool answered = false;     // `reply` is decided and waits for its turn
    int waits = 0;             // in a row
    Reply reply;
  };

  struct Negotiation {
    Side sides[2];  // opener, responder
    int turn = 0;   // the side that acts next
    int round = 0;
    int waits = 0;  // of either side, in a row
    int product = 0;
    const Issues* issues = nullptr;
    bool opener_buys = false;
    bool live = true;
    bool has_offer = false;
    Offer offer;
  };

  struct Party {
    bool synchronous = false;
    std::vector<int> negotiations;  // in order of creation
    int live = 0;
    int in_vain = 0;        // negotiations that it expects, but which there are not
    std::vector<int> held;  // live negotiations whose offer it holds, in the order of their arrival
    Tally tally;
  };

  void step(Negotiation& negotiation, NegotiationParties& parties);
  bool decide(Negotiation& negotiation, NegotiationParties& parties, Reply& reply);
  bool wants_to_wait(const Negotiation& negotiation, const Side& side, const Party& party) const;
  void answer_together(int factory, bool opening, NegotiationParties& parties);
  void gather_openings(int factory);
  void gather_offers(int factory);
  void apply(Negotiation& negotiation, const Reply& reply, NegotiationParties& parties);
  void finish(Negotiation& negotiation);
  void tell_end(const Negotiation& negotiation, NegotiationObserver::End end) const;
  void count_timed_out(const Negotiation& negotiation);
  static Talk talk_of(const Negotiation& negotiation, int side);
  static int side_of(const Negotiation& negotiation, int factory) {
    return negotiation.sides[0].factory == factory ? 0 : 1;
  }
  Party& party(int factory) { return parties_[static_cast<std::size_t>(factory)]; }
  Negotiation& negotiation(int id) { return negotiations_[static_cast<std::size_t>(id)]; }
  int id_of(const Negotiation& negotiation) const {
    return static_cast<int>(&negotiation - negotiations_.data());
  }

  int rounds_;
  NegotiationObserver* observer_ = nullptr;
  std::vector<Negotiation> negotiations_;
  std::vector<Party> parties_;  // per factory
  Counts counts_;
  std::vector<int> running_;  // those that are live in the current pass
  std::vector<int> acting_;   // scratch: negotiations that are answered together
  std::vector<Talk> talks_;
  std::vector<Reply> replies_;
};

}  // namespace joust::worlds::scml
