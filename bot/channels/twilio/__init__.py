"""What every channel by Twilio shares: its signature, its forms, its errors, its client."""
